/**
 * One page without a crawl, for {@code sluice parse}: the page comes from a file or the real
 * fetcher, whose leases a desk in this package receives, and goes through the real page parser. No
 * Redis, no frontier, no directory.
 */
@NullMarked
package io.sluice.launcher.parse;

import org.jspecify.annotations.NullMarked;
