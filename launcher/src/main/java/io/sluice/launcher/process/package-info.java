/**
 * The wiring of a crawl's two kinds of processes. {@link io.sluice.launcher.process.FetcherProcess}
 * runs the frontier and the fetcher, {@link io.sluice.launcher.process.ParserProcess} the parser's
 * workers. Both open their parts inside a scope, wait for the end of the crawl or a {@link
 * io.sluice.launcher.process.StopRequest}, run the shutdown sequence and write their report.
 */
@NullMarked
package io.sluice.launcher.process;

import org.jspecify.annotations.NullMarked;
