/** Microbenchmarks of what a crawl does once a link or once a page. {@code bench/jmh} runs them. */
@NullMarked
package io.sluice.bench;

import org.jspecify.annotations.NullMarked;
