package io.sluice.it;

/**
 * One run of the stop matrix: which signal, to whom, and when.
 *
 * @param signal what is sent
 * @param target who gets it
 * @param spot when
 */
record StopCell(Signal signal, Target target, KillSpot spot) {

  /** What is sent. */
  enum Signal {
    TERM,
    KILL
  }

  /** Who gets it. */
  enum Target {
    /** {@code sluice run}: what a user stops. */
    SUPERVISOR,
    FETCHER,
    PARSER,
    /** The process whose thread is at the kill point. */
    HOLDER,
    /** All processes, redis-server too, as when a machine goes down. */
    ALL
  }

  static StopCell term(Target target, KillSpot spot) {
    return new StopCell(Signal.TERM, target, spot);
  }

  static StopCell kill(Target target, KillSpot spot) {
    return new StopCell(Signal.KILL, target, spot);
  }

  /** Whether it is the second signal of a stop, which cuts the stop short. */
  boolean again() {
    return signal == Signal.TERM && spot instanceof KillSpot.InAStop;
  }

  @Override
  public String toString() {
    return "SIG" + signal + " to " + target.name().toLowerCase(java.util.Locale.ROOT) + ", " + spot;
  }
}
