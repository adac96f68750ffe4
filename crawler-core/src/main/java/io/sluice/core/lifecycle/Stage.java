package io.sluice.core.lifecycle;

import java.util.List;

/**
 * A part of the data path that can be stopped in order. The shutdown sequence walks the stages in
 * the order of the data for each of the first three steps, and closes them in the reverse order of
 * their opening. Calls come one after the other from one thread, the shutdown's; each bounds its
 * own wait. A call that overruns its bound is left behind, and {@link #close} then comes from
 * another thread while that call still waits.
 */
public interface Stage extends AutoCloseable {

  /** The stage's name in logs and the report: one lower-case word. */
  String name();

  /** Takes nothing new from now on. Returns at once; may be called again. */
  void stopIntake();

  /**
   * Cancels what has not begun and gives its leases back.
   *
   * @return how many things were cancelled
   */
  int cancelPending();

  /**
   * Waits for what has begun; at the deadline cancels what is left.
   *
   * @return what ended by itself and what was cut
   */
  Drained drain(Deadline deadline);

  /** Releases every resource of the stage, within a bounded time. May be called from any state. */
  @Override
  void close();

  /**
   * Threads of the stage that its drain could not end, nor its close: code that computes hears
   * nothing. They end with the process, and so does what they hold, which only they may close: such
   * a stop is forced, and what the audit finds is no leak. Asked after {@link #close}.
   */
  default List<Thread> leftBehind() {
    return List.of();
  }

  /**
   * What a drain did.
   *
   * @param completed things that ended by themselves
   * @param forced things that the deadline cut
   */
  record Drained(int completed, int forced) {
    /** Nothing had begun. */
    public static final Drained NOTHING = new Drained(0, 0);

    /** Both sums. */
    public Drained plus(Drained other) {
      return new Drained(completed + other.completed, forced + other.forced);
    }
  }
}
