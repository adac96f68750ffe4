package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The result of one run of the stop matrix.
 *
 * @param exit the exit status of the crawl's command; -1 if it was killed or is not judged
 * @param stopped time from the signal to the end of the command
 * @param orphans processes still running {@link StopRun#ORPHANS_GONE} after the end of the command
 * @param leasesOut number of leases that were out when a fetcher was killed: the number that the
 *     next fetcher reports as given back, or that of {@link LeasesOut} if that is lower
 * @param audit the report of the stop; empty after a kill
 * @param unparsed pages that were fetched before a stop of the whole crawl and were left unparsed
 * @param oracle the verdict after the last run
 * @param took the duration of the whole cell
 */
record StopResult(
    StopCell cell,
    int exit,
    Duration stopped,
    List<String> orphans,
    long leasesOut,
    StopAudit audit,
    Set<String> unparsed,
    StopOracle oracle,
    Duration took) {

  static final String HEAD =
      String.format(
          Locale.ROOT,
          "%-52s %5s %8s %6s %6s %6s %8s",
          "cell",
          "exit",
          "stop ms",
          "lost",
          "twice",
          "bound",
          "seconds");

  /** A line of the table. */
  String row() {
    return String.format(
        Locale.ROOT,
        "%-52s %5s %8d %6d %6d %6d %8.1f",
        cell,
        exit < 0 ? "" : exit,
        stopped.toMillis(),
        oracle.lost().size(),
        oracle.repetitions(),
        mayRepeat(),
        took.toMillis() / 1e3);
  }

  private long mayRepeat() {
    return killed() ? leasesOut : audit.forced().size();
  }

  /** Fails unless the stop kept every promise of docs/handover.md and docs/shutdown.md. */
  void meetsTheBars() {
    assertThat(oracle.lost()).as("lost").isEmpty();
    assertThat(oracle.unstored()).as("not in the output").isEmpty();
    assertThat(oracle.doubled()).as("twice in the output").isEmpty();
    assertThat(oracle.strangers()).as("in the output and not in the web").isEmpty();
    assertThat(orphans).as("orphans").isEmpty();
    if (killed()) {
      assertThat(oracle.repetitions())
          .as("asked twice: %s", oracle.repeated())
          .isLessThanOrEqualTo(leasesOut);
    } else {
      assertThat(oracle.repeated().keySet())
          .as("asked twice, and listed as cut")
          .isEqualTo(new TreeSet<>(audit.forced()));
    }
    if (cell.signal() == StopCell.Signal.KILL && exit >= 0) {
      // a process killed during a stop changes the status; one killed during a crawl is restarted
      assertThat(exit).as("exit").isEqualTo(cell.spot() instanceof KillSpot.InAStop ? 2 : 0);
    }
    if (cell.signal() == StopCell.Signal.TERM) {
      assertThat(audit.complaints()).as("the audit").isEmpty();
      assertThat(audit.killed()).as("killed for not having heard").isEmpty();
      assertThat(exit).as("exit").isIn(cell.again() ? List.of(0, 2) : List.of(0));
      if (!cell.again() && !killed()) {
        assertThat(unparsed).as("fetched, and not in the output after the stop").isEmpty();
        assertThat(audit.resting())
            .as("pages in Redis after the stop; -1 where the stop came before the first parser")
            .isIn(0L, -1L);
      }
      assertThat(stopped)
          .as("time to stop")
          .isLessThanOrEqualTo(StopRun.DEADLINE.plus(StopRun.BEYOND_DEADLINE));
    }
  }

  /** Whether the report contains the number of pages left in Redis. */
  boolean saysWhatRests() {
    return audit.resting() >= 0;
  }

  /** Whether processes were killed in this run, at least in its first part. */
  private boolean killed() {
    return cell.signal() == StopCell.Signal.KILL || cell.spot() instanceof KillSpot.InARestart;
  }
}
