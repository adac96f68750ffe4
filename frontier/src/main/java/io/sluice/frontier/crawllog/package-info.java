/** The crawl log: one JSON line for each URL whose crawl ended, however it ended, exactly once. */
@NullMarked
package io.sluice.frontier.crawllog;

import org.jspecify.annotations.NullMarked;
