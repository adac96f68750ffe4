/** The crawl log: one JSON line for each time that a URL ended, however it ended. */
@NullMarked
package io.sluice.frontier.crawllog;

import org.jspecify.annotations.NullMarked;
