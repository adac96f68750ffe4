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

/**
 * What the supervisor's own shutdown did and left. Immutable.
 *
 * @param reason why the crawl ended
 * @param failed whether it ended because something was lost for good
 * @param startedAt when the stop began
 * @param cutShort whether a second signal hurried it
 * @param phases each phase's time, in order: fetcher, parsers, redis, close, audit
 * @param parts how each part of the crawl ended
 * @param alone whether nothing else runs in this process; where something does, descriptors and
 *     threads are not held against the supervisor
 * @param left what the audit found
 * @param log what was logged until the report
 */
record SupervisorReport(
    String reason,
    boolean failed,
    Instant startedAt,
    boolean cutShort,
    Map<String, Duration> phases,
    List<PartEnd> parts,
    boolean alone,
    Leftovers left,
    LogCounts log) {

  private static final int SIGTERM_STATUS = 128 + 15;

  SupervisorReport {
    phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
    parts = List.copyOf(parts);
  }

  /** How long it took in all. */
  Duration took() {
    return phases.values().stream().reduce(Duration.ZERO, Duration::plus);
  }

  /**
   * The worst that happened. A part that died and was started again costs nothing: what it had in
   * hand was done again. Nor does a parser or Redis that was to be: their pages rest in Redis. A
   * fetcher that was to be leaves leases that were out, whose URLs repeat.
   */
  ExitCode exit() {
    boolean leak = alone ? !left.clean() : !left.ledger().isEmpty();
    ExitCode worst = failed ? ExitCode.FORCED : ExitCode.CLEAN;
    for (PartEnd part : parts) {
      worst = worse(worst, exitOf(part));
    }
    return worse(worst, leak ? ExitCode.LEAK : ExitCode.CLEAN);
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
      return ExitCode.CLEAN; // Stopped before its JVM listened: nothing had begun.
    }
    // A JVM that crashes leaves 1 as well, so only a start, which is over, could mean that by it.
    for (ExitCode code : List.of(ExitCode.CLEAN, ExitCode.LEAK)) {
      if (code.status() == status) {
        return code;
      }
    }
    return ExitCode.FORCED;
  }

  private static ExitCode worse(ExitCode one, ExitCode other) {
    return one.status() >= other.status() ? one : other;
  }
}
