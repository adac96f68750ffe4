package io.sluice.launcher.supervise;

import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.LogCounts;
import io.sluice.core.lifecycle.ShutdownReport.Leftovers;
import io.sluice.launcher.process.FetcherProcess;
import io.sluice.launcher.supervise.PartEnd.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The outcome of the supervisor's own shutdown. Immutable.
 *
 * @param reason why the crawl ended
 * @param failed whether the crawl ended because of a failure
 * @param startedAt when the stop began
 * @param cutShort whether a second signal cut the stop short
 * @param phases the duration of each phase, in order: fetcher, parsers, redis, close, audit
 * @param parts how each part of the crawl ended
 * @param resting number of fetched pages left in Redis for the next run; empty if unknown
 * @param alone whether nothing else is running in this process; if something is, its descriptors
 *     and threads cannot be distinguished from the supervisor's, so only the ledger counts
 * @param left resources that the audit found open
 * @param log number of warnings and errors logged before the report
 */
record SupervisorReport(
    String reason,
    boolean failed,
    Instant startedAt,
    boolean cutShort,
    Map<String, Duration> phases,
    List<PartEnd> parts,
    OptionalLong resting,
    boolean alone,
    Leftovers left,
    LogCounts log) {

  private static final int SIGTERM_STATUS = 128 + 15;

  SupervisorReport {
    phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
    parts = List.copyOf(parts);
    left = alone ? left : left.ofLedger();
  }

  /** Returns this report, marked as failed. */
  SupervisorReport failedToo() {
    return new SupervisorReport(
        reason, true, startedAt, cutShort, phases, parts, resting, alone, left, log);
  }

  /** Total duration of the stop. */
  Duration took() {
    return phases.values().stream().reduce(Duration.ZERO, Duration::plus);
  }

  /**
   * The worst result of any part. A part that crashed and was restarted does not count, since its
   * unfinished work was redone. Nor does a parser or Redis that crashed and was about to be
   * restarted, since the pages are still in Redis. A fetcher in that state counts: it leaves open
   * leases, whose URLs are fetched again.
   */
  ExitCode exit() {
    ExitCode worst = failed ? ExitCode.FORCED : ExitCode.CLEAN;
    for (PartEnd part : parts) {
      worst = worst.worse(exitOf(part));
    }
    return left.clean() ? worst : worst.worse(ExitCode.LEAK);
  }

  private static ExitCode exitOf(PartEnd part) {
    if (part.ending() == Ending.KILLED) {
      return ExitCode.FORCED;
    }
    if (part.ending() == Ending.CRASHED) {
      return part.name().equals(FetcherProcess.NAME) ? ExitCode.FORCED : ExitCode.CLEAN;
    }
    if (part.status().isEmpty()) {
      return ExitCode.CLEAN;
    }
    int status = part.status().getAsInt();
    if (status == SIGTERM_STATUS && part.ending() == Ending.ASKED) {
      return ExitCode.CLEAN; // stopped before its JVM handled signals, so nothing had begun
    }
    // NO_START (1) is not in the list: these children had started, and a crashing JVM exits with 1
    // as well.
    for (ExitCode code : List.of(ExitCode.CLEAN, ExitCode.LEAK, ExitCode.NO_PAGE)) {
      if (code.status() == status) {
        return code;
      }
    }
    return ExitCode.FORCED;
  }
}
