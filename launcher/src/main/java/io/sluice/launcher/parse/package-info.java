/**
 * One page without a crawl, for {@code sluice parse}: the page is read from a file, or fetched by
 * the real fetcher, whose leases are settled by a desk in this package. The real page parser then
 * parses it. Redis, a frontier and a directory are not needed.
 */
@NullMarked
package io.sluice.launcher.parse;

import org.jspecify.annotations.NullMarked;
