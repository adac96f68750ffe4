/** The cost of extraction from real pages, by a scan and by a tree. */
@NullMarked
package io.sluice.bench.parse;

import org.jspecify.annotations.NullMarked;
