package io.sluice.it;

import java.util.List;

/**
 * One run of the stop matrix: which signal is sent, to which processes, and when.
 *
 * @param target which processes receive the signal
 * @param spot the point in the crawl at which the signal is sent
 */
record StopCell(Signal signal, Target target, KillSpot spot) {

  /** The signal. */
  enum Signal {
    TERM,
    KILL
  }

  /** The receiver. */
  enum Target {
    /** {@code sluice run}, the process that a user stops. */
    SUPERVISOR,
    FETCHER,
    PARSER,
    /** The process whose thread is at the kill point. */
    HOLDER,
    /**
     * All processes, including redis-server, as when a machine shuts down or systemd stops a unit.
     */
    ALL,
    /** The process group of {@code sluice run}, which supervisord and a terminal signal. */
    GROUP,
    /** {@code timeout}, which signals {@code sluice run} and then the process group of both. */
    TIMEOUT;

    /** The command under which {@code sluice run} is started. */
    List<String> wrapper() {
      return switch (this) {
        case GROUP -> List.of("setsid");
        case TIMEOUT -> List.of("timeout", "--preserve-status", "600");
        default -> List.of();
      };
    }
  }

  static StopCell term(Target target, KillSpot spot) {
    return new StopCell(Signal.TERM, target, spot);
  }

  static StopCell kill(Target target, KillSpot spot) {
    return new StopCell(Signal.KILL, target, spot);
  }

  /** Whether the cell sends the second signal of a stop, which cuts the stop short. */
  boolean again() {
    return signal == Signal.TERM && spot instanceof KillSpot.InAStop;
  }

  @Override
  public String toString() {
    return "SIG" + signal + " to " + target.name().toLowerCase(java.util.Locale.ROOT) + ", " + spot;
  }
}
