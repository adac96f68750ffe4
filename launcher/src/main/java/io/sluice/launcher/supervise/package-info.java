/**
 * A crawl on one machine. {@link io.sluice.launcher.supervise.CrawlRun} makes every check that
 * could refuse it and locks the crawl directory; {@link io.sluice.launcher.supervise.Supervisor}
 * owns a redis-server and the child JVMs; it starts Redis, the parsers and the fetcher, restarts
 * what crashes within a {@link io.sluice.launcher.supervise.RestartBudget}, and stops fetcher,
 * parsers and Redis in that order. Each child holds one end of a pipe from the supervisor ({@link
 * io.sluice.launcher.supervise.ChildProcess}) and stops when the pipe breaks.
 */
@NullMarked
package io.sluice.launcher.supervise;

import org.jspecify.annotations.NullMarked;
