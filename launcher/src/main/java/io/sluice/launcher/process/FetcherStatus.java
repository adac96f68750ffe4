package io.sluice.launcher.process;

import io.sluice.core.lease.Ending;
import io.sluice.core.metrics.Status;
import io.sluice.core.metrics.StatusSource;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.FrontierStats;
import org.jspecify.annotations.Nullable;

/**
 * What the fetcher process says of itself at {@code /status}: what the supervisor's progress line
 * reads. Thread-safe: one volatile reference to thread-safe parts.
 */
final class FetcherStatus implements StatusSource {

  private final ProcessBase base;
  private volatile @Nullable Watched watched;

  FetcherStatus(ProcessBase base) {
    this.base = base;
  }

  /** Begins to tell of the crawl, counting this run's pages from now. */
  void watch(Frontier frontier) {
    watched = new Watched(frontier, frontier.stats());
  }

  @Override
  public Status status() {
    Watched now = watched;
    Status.Builder status =
        Status.of()
            .put("process", FetcherProcess.NAME)
            .put("pid", ProcessHandle.current().pid())
            .put("descriptors", base.descriptors())
            .put("fds", base.descriptorStatus())
            .put("redis", base.redisStatus());
    if (now == null) {
      return status.put("state", "starting").build();
    }
    FrontierStats stats = now.frontier.stats();
    Status.Builder endings = Status.of();
    for (Ending ending : Ending.values()) {
      endings.put(ending.word(), stats.done(ending));
    }
    return status
        .put("state", base.stop().isAsked() ? "stopping" : "crawling")
        .put("fetched", stats.done(Ending.PAGE) - now.atStart.done(Ending.PAGE))
        .put("bytes", stats.bytes() - now.atStart.bytes())
        .put("hosts", stats.hosts())
        .put("queued", stats.queued())
        .put("revisits", stats.revisits())
        .put("inFlight", stats.leased())
        .put("outstanding", stats.outstanding())
        .put("errors", stats.done(Ending.FAILED) - now.atStart.done(Ending.FAILED))
        .put("endings", endings.build())
        .build();
  }

  /** The numbers in one line, for the log. */
  String line() {
    Watched now = watched;
    if (now == null) {
      return "starting";
    }
    FrontierStats stats = now.frontier.stats();
    return "%d pages, %d queued, %d in flight, %d at the parsers, %d failed, %d descriptors"
        .formatted(
            stats.done(Ending.PAGE),
            stats.queued(),
            stats.leased(),
            stats.outstanding(),
            stats.done(Ending.FAILED),
            base.descriptors());
  }

  private record Watched(Frontier frontier, FrontierStats atStart) {}
}
