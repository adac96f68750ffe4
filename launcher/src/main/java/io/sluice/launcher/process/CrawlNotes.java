package io.sluice.launcher.process;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Reason;
import io.sluice.frontier.EndedBy;
import io.sluice.frontier.FailedSeed;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.FrontierStats;
import io.sluice.frontier.HeldHosts;
import io.sluice.frontier.VisitCounts;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.scope.Refusal;
import io.sluice.launcher.progress.Amounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The lines that a crawl shows its user in addition to its numbers: why URLs ended, which URLs are
 * left in the frontier, which seeds yielded no page, and what the crawl is waiting for. Stateless.
 */
final class CrawlNotes {

  /** Maximum number of reasons shown, most frequent first. */
  private static final int MAX_REASONS = 8;

  private CrawlNotes() {}

  /** The lines of the summary; empty if nothing is worth mentioning. */
  static List<String> of(FrontierStats stats) {
    List<String> notes = new ArrayList<>();
    stats.statuses().stream()
        .filter(CrawlNotes::isErrorPage)
        .forEach(
            pages ->
                notes.add(
                    "Error pages in all %s %s, such as %s"
                        .formatted(
                            pages.hundred(), Amounts.count(pages.count()), pages.example())));
    stats.reasons().stream()
        .filter(ended -> !usual(ended))
        .limit(MAX_REASONS)
        .forEach(ended -> notes.add(reason(ended)));
    refused(stats, notes);
    if (stats.held().fullest() != null) {
      notes.add(held(stats.held().fullest(), stats.held().count() - 1));
    }
    if (stats.givenUp() > 0) {
      notes.add(
          "Given up    %s with %s: they rest; `sluice frontier stats DIR` says why, `sluice frontier retry DIR` queues them again"
              .formatted(
                  Amounts.count(stats.hosts(Kind.GIVEN_UP), "host"),
                  Amounts.count(stats.givenUp(), "URL")));
    }
    if (stats.setAside() > 0) {
      notes.add(
          "Set aside   %s that the settings refuse; judged again when the settings change%s"
              .formatted(Amounts.count(stats.setAside(), "URL"), byKey(stats.setAsideNow())));
    }
    for (FailedSeed seed : stats.failedSeeds()) {
      String why =
          seed.target() == null
              ? seed.reason() + RefusingKey.clause(seed.reason())
              : "redirects to %s, which is refused: %s (%s)"
                  .formatted(seed.target(), seed.reason(), RefusingKey.of(seed.reason()));
      notes.add("No page of  seed %s: %s".formatted(seed.seed(), why));
    }
    return notes;
  }

  /** Whether the URL ended with an error page: a page whose status is 400 or more. */
  static boolean isErrorPage(EndedBy ended) {
    return ended.ending() == Ending.PAGE
        && (ended.hundred().startsWith("4") || ended.hundred().startsWith("5"));
  }

  /** Adds the offers that the scope refused in this run, by reason, most frequent first. */
  private static void refused(FrontierStats stats, List<String> notes) {
    stats.refused().entrySet().stream()
        .sorted(Map.Entry.<Refusal, Long>comparingByValue().reversed())
        .limit(MAX_REASONS)
        .forEach(
            refused ->
                notes.add(
                    "Refused     this run %s %s, such as %s%s"
                        .formatted(
                            refused.getKey().word(),
                            Amounts.count(refused.getValue(), "link"),
                            stats.refusedExamples().getOrDefault(refused.getKey(), "?"),
                            RefusingKey.clause(refused.getKey().word()))));
  }

  private static boolean usual(EndedBy ended) {
    return (ended.ending() == Ending.PAGE && ended.reason().equals(Reason.OK.word()))
        || (ended.ending() == Ending.REDIRECTED && ended.reason().equals(Reason.REDIRECT.word()))
        || ended.ending() == Ending.UNCHANGED;
  }

  private static String reason(EndedBy ended) {
    return "Reasons     in all %s %s (%s), such as %s%s"
        .formatted(
            ended.reason(),
            Amounts.count(ended.count()),
            ended.ending().word(),
            ended.example(),
            RefusingKey.clause(ended.reason()));
  }

  private static String held(HeldHosts.Host host, int others) {
    return "Held        %s for %s (%s): %s for it%s; probed again when the crawl continues"
        .formatted(
            host.name(),
            Amounts.time(host.held()),
            host.reason(),
            Amounts.count(host.urls(), "URL waits", "URLs wait"),
            others == 0 ? "" : ", and " + Amounts.count(others, "further host"));
  }

  /**
   * Returns a line about the URLs that the settings set aside in this run; empty if there are none.
   */
  static String setAside(FrontierStats stats) {
    long count = stats.setAsideNow().values().stream().mapToLong(Long::longValue).sum();
    return count == 0
        ? ""
        : "today's settings refuse %s so far%s; they keep their place and are judged again when the settings change"
            .formatted(Amounts.count(count, "URL"), byKey(stats.setAsideNow()));
  }

  private static String byKey(Map<String, Long> reasons) {
    return reasons.isEmpty()
        ? ""
        : new TreeMap<>(reasons)
            .entrySet().stream()
                .map(
                    entry ->
                        "%s %s by %s"
                            .formatted(
                                Amounts.count(entry.getValue()),
                                entry.getKey(),
                                RefusingKey.of(entry.getKey())))
                .collect(Collectors.joining(", ", ": ", ""));
  }

  /** Returns one line about the hosts that the crawl is waiting for; empty if no host is held. */
  static String holds(FrontierStats stats, boolean networkDown) {
    if (networkDown) {
      return "the network seems to be down: the crawl is held and will resume by itself";
    }
    HeldHosts held = stats.held();
    if (held.count() == 0) {
      return "";
    }
    String reasons =
        new TreeMap<>(held.byReason())
            .entrySet().stream()
                .map(entry -> entry.getKey() + " " + Amounts.count(entry.getValue()))
                .collect(Collectors.joining(", "));
    String line =
        "%s held (%s), next try in %s"
            .formatted(Amounts.count(held.count(), "host"), reasons, seconds(held.nextProbe()));
    HeldHosts.Patience patience = held.patience();
    return patience == null
        ? line
        : line
            + "; nothing else is left: waiting at most %s more (%s)"
                .formatted(seconds(patience.left()), patience.key());
  }

  /**
   * Returns what a stalled crawl is waiting for, in a word or two: the first reason why it can
   * neither lease a URL now nor end. Empty if nothing is left that could be leased.
   *
   * @param records archive-only exchanges that parsers have not committed yet
   */
  static String waitsFor(Frontier frontier, FrontierStats stats, int records) {
    VisitCounts visits = frontier.visits();
    if (frontier.uplink().down()) {
      return "the network";
    }
    if (frontier.parsersBehind()) {
      return "parsers";
    }
    if (visits.all() > 0) {
      return visits.proven() > 0 || visits.all() < visits.max() ? "answers" : "slow hosts";
    }
    if (stats.queued() == 0) {
      return records > 0 ? "parsers" : ""; // the parsers are archiving the last exchanges
    }
    if (stats.held().count() > 0) {
      return "held hosts";
    }
    return stats.retries() < stats.queued() ? "delays of hosts" : "retries";
  }

  private static String seconds(@org.jspecify.annotations.Nullable Duration time) {
    return time == null ? "-" : Math.ceilDiv(time.toMillis(), 1000) + "s";
  }
}
