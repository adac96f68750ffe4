package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * What one run of the stop matrix gave.
 *
 * @param exit the status of the crawl's command; -1 where that was killed, or is not to be judged
 * @param stopped from the signal to the end of that process
 * @param orphans processes that were there {@link StopRun#ORPHANS_GONE} after it
 * @param leasesOut leases that were out when a fetcher was killed: those that the next one says it
 *     gave back, or fewer, if less were out by the count of {@link LeasesOut}
 * @param audit what the report of the stop admits; nothing after a kill
 * @param oracle the truth after the last run
 * @param took all of it
 */
record StopResult(
    StopCell cell,
    int exit,
    Duration stopped,
    List<String> orphans,
    long leasesOut,
    StopAudit audit,
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

  /** Fails unless everything is as the design promises. */
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
      // Who loses a process in a stop says so; in a crawl it starts another.
      assertThat(exit).as("exit").isEqualTo(cell.spot() instanceof KillSpot.InAStop ? 2 : 0);
    }
    if (cell.signal() == StopCell.Signal.TERM) {
      assertThat(audit.complaints()).as("the audit").isEmpty();
      assertThat(audit.killed()).as("killed for not having heard").isEmpty();
      assertThat(exit).as("exit").isIn(cell.again() ? List.of(0, 2) : List.of(0));
      assertThat(stopped)
          .as("time to stop")
          .isLessThanOrEqualTo(StopRun.DEADLINE.plus(StopRun.BEYOND_DEADLINE));
    }
  }

  /** Whether processes were killed in this run, in its first part at least. */
  private boolean killed() {
    return cell.signal() == StopCell.Signal.KILL || cell.spot() instanceof KillSpot.InARestart;
  }
}
