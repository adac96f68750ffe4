/** Measures how well the main text of pages is found, and at what cost. */
@NullMarked
package io.sluice.bench.maintext;

import org.jspecify.annotations.NullMarked;
