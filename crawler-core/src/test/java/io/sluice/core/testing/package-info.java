/** What the tests of several modules share: the conformance corpora and a small JSON reader. */
@NullMarked
package io.sluice.core.testing;

import org.jspecify.annotations.NullMarked;
