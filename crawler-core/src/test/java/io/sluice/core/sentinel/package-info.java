/**
 * Tests of the sentinel on simulated series: which leaks it must find, and which changes it must
 * tolerate.
 */
@NullMarked
package io.sluice.core.sentinel;

import org.jspecify.annotations.NullMarked;
