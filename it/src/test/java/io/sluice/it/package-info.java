/**
 * Whole-system tests: real processes, real Redis, real signals, against webs that log each request.
 */
@NullMarked
package io.sluice.it;

import org.jspecify.annotations.NullMarked;
