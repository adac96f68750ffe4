/**
 * The two processes of a crawl, wired. {@link io.sluice.launcher.process.FetcherProcess} is
 * frontier plus fetcher, {@link io.sluice.launcher.process.ParserProcess} is the parser's workers;
 * both open their parts inside a scope, wait for the end of the crawl or a {@link
 * io.sluice.launcher.process.StopRequest}, run the shutdown sequence and leave their report.
 */
@NullMarked
package io.sluice.launcher.process;

import org.jspecify.annotations.NullMarked;
