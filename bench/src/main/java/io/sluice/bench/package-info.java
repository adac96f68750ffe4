/**
 * Microbenchmarks of the work that a crawl does for each link or page; run by {@code bench/jmh}.
 */
@NullMarked
package io.sluice.bench;

import org.jspecify.annotations.NullMarked;
