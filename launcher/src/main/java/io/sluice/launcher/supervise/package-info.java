/**
 * A crawl on one machine. {@link io.sluice.launcher.supervise.CrawlRun} checks what could refuse it
 * and takes the crawl directory; {@link io.sluice.launcher.supervise.Supervisor} owns a
 * redis-server and the child JVMs; it starts Redis, the parsers and the fetcher, restarts what
 * crashes within a {@link io.sluice.launcher.supervise.RestartBudget}, and stops fetcher, parsers
 * and Redis in that order. Each {@link io.sluice.launcher.supervise.ChildProcess} holds one end of
 * a pipe from here and stops when it breaks.
 */
@NullMarked
package io.sluice.launcher.supervise;

import org.jspecify.annotations.NullMarked;
