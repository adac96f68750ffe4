package io.sluice.launcher.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Reason;
import io.sluice.core.metrics.Status;
import io.sluice.core.metrics.StatusSource;
import io.sluice.frontier.EndedBy;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.FrontierStats;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.VisitCounts;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.launcher.progress.Amounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The fetcher process's {@code /status}, which the supervisor's progress line reads. Thread-safe:
 * one volatile reference to thread-safe parts.
 */
final class FetcherStatus implements StatusSource {

  private final ProcessBase base;
  private volatile @Nullable Session watched;
  private volatile OfferCounts seeds = OfferCounts.NONE;
  private volatile List<String> found = List.of();

  FetcherStatus(ProcessBase base) {
    this.base = base;
  }

  /**
   * Starts reporting on the crawl, counting this run's pages from now.
   *
   * @param records supplies the number of archive-only exchanges that parsers have not committed
   *     yet
   */
  void watch(Frontier frontier, IntSupplier records) {
    watched = new Session(frontier, frontier.stats(), records);
    for (Reason reason : Reason.values()) {
      if (reason.finding().troubled()) {
        Gauge.builder(
                "sluice.hosts.held",
                frontier,
                f -> f.stats().held().byReason().getOrDefault(reason.word(), 0))
            .description("Held hosts, by the reason why they are held")
            .tag("reason", reason.word())
            .register(base.registry());
      }
    }
  }

  /** Records what the start found, one line each: data lost since the previous run. */
  void found(List<String> findings) {
    found = List.copyOf(findings);
  }

  /** Records the numbers of seeds accepted and refused at the start of this run. */
  void seeds(OfferCounts counts) {
    seeds = counts;
  }

  /** What the start found, one line each. */
  List<String> found() {
    return found;
  }

  @Override
  public Status status() {
    Session session = watched;
    Status.Builder status =
        Status.of()
            .put("process", FetcherProcess.NAME)
            .put("pid", ProcessHandle.current().pid())
            .put("descriptors", base.descriptors())
            .put("fds", base.descriptorStatus())
            .put("redis", base.redisStatus())
            .put("notReady", base.healthStatus());
    if (session == null) {
      return status.put("state", "starting").build();
    }
    FrontierStats stats = session.frontier.stats();
    Status.Builder endings = Status.of();
    for (Ending ending : Ending.values()) {
      endings.put(ending.word(), stats.done(ending));
    }
    return status
        .put("state", base.stop().isAsked() ? "stopping" : "crawling")
        .put("fetched", stats.done(Ending.PAGE) - session.atStart.done(Ending.PAGE))
        .put("bytes", stats.bytes() - session.atStart.bytes())
        .put("bytesInAll", stats.bytes())
        .put("hosts", stats.hosts())
        .put("queued", stats.queued())
        .put("revisits", stats.revisits())
        .put("inFlight", stats.leased())
        .put("visits", visits(session.frontier.visits()))
        .put("outstanding", stats.outstanding())
        .put("outstandingRecords", session.records.getAsInt())
        .put("retries", stats.retries())
        .put("setAside", stats.setAside())
        .put("givenUp", stats.givenUp())
        .put("hostStates", hostStates(stats))
        .put("network", session.frontier.uplink().down() ? "down" : "up")
        .put("holds", CrawlNotes.holds(stats, session.frontier.uplink().down()))
        .put("waitsFor", CrawlNotes.waitsFor(session.frontier, stats, session.records.getAsInt()))
        .put("notes", notes(stats))
        .put("statuses", statuses(stats, null))
        .put("statusesNow", statuses(stats, session.atStart))
        .put("errorPages", errorPages(stats))
        .put("errorPagesNow", errorPages(stats) - errorPages(session.atStart))
        .put("errors", failedAttempts())
        .put("endings", endings.build())
        .put("found", found)
        .build();
  }

  /** Number of failed attempts in this run, regardless of how their URLs ended. */
  private long failedAttempts() {
    double failed = 0;
    for (Reason reason : Reason.values()) {
      Counter counter =
          base.registry().find("sluice.fetch.failures").tag("reason", reason.word()).counter();
      failed += counter == null || reason.forbids() ? 0 : counter.count();
    }
    return (long) failed;
  }

  /**
   * Numbers of URLs that ended with a response, by status class ({@code 4xx}), minus the numbers in
   * {@code before}.
   */
  private static Status statuses(FrontierStats stats, @Nullable FrontierStats before) {
    Map<String, Long> counts = new TreeMap<>();
    stats.statuses().forEach(ended -> counts.merge(ended.hundred(), ended.count(), Long::sum));
    if (before != null) {
      before.statuses().forEach(ended -> counts.merge(ended.hundred(), -ended.count(), Long::sum));
    }
    Status.Builder statuses = Status.of();
    counts.forEach(
        (hundred, count) -> {
          if (count > 0) {
            statuses.put(hundred, count);
          }
        });
    return statuses.build();
  }

  private static long errorPages(FrontierStats stats) {
    return stats.statuses().stream()
        .filter(CrawlNotes::isErrorPage)
        .mapToLong(EndedBy::count)
        .sum();
  }

  private List<String> notes(FrontierStats stats) {
    List<String> notes = new ArrayList<>(CrawlNotes.of(stats));
    OfferCounts offered = seeds;
    if (offered.refused() > 0) {
      notes.add(
          "Seeds       %s of %s refused; `sluice check` says why"
              .formatted(
                  Amounts.count(offered.refused()),
                  Amounts.count(offered.accepted() + offered.seen() + offered.refused())));
    }
    return notes;
  }

  private static Status visits(VisitCounts visits) {
    return Status.of()
        .put("proven", visits.proven())
        .put("first", visits.first())
        .put("troubled", visits.troubled())
        .put("troubledMax", visits.troubledMax())
        .build();
  }

  private static Status hostStates(FrontierStats stats) {
    Status.Builder states = Status.of();
    for (Kind state : Kind.values()) {
      states.put(state.word(), stats.hosts(state));
    }
    return states.build();
  }

  /** Formats the numbers as one line, for the log. */
  String line() {
    Session session = watched;
    if (session == null) {
      return "starting";
    }
    FrontierStats stats = session.frontier.stats();
    String holds = CrawlNotes.holds(stats, session.frontier.uplink().down());
    return "%d pages, %d queued, %d in flight, %d at the parsers, %d failed, %d descriptors%s"
        .formatted(
            stats.done(Ending.PAGE),
            stats.queued(),
            stats.leased(),
            stats.outstanding(),
            stats.done(Ending.FAILED),
            base.descriptors(),
            holds.isEmpty() ? "" : "; " + holds);
  }

  /** The frontier that this process works on, and its numbers when the process started. */
  private record Session(Frontier frontier, FrontierStats atStart, IntSupplier records) {}
}
