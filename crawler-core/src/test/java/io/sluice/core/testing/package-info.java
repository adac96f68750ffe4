/**
 * What the tests of several modules share: the check for leaks, a real Redis, the conformance
 * corpora and a small JSON reader.
 */
@NullMarked
package io.sluice.core.testing;

import org.jspecify.annotations.NullMarked;
