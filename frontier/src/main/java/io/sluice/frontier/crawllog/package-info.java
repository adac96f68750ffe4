/**
 * The crawl log: one JSON line for each time that a URL ended, a host was given up or left alone
 * for longer than its delay, or a request ended without giving a URL its final status.
 */
@NullMarked
package io.sluice.frontier.crawllog;

import org.jspecify.annotations.NullMarked;
