package io.sluice.core.lifecycle;

import java.util.List;

/**
 * A part of the data path that can be stopped in order. The shutdown sequence goes through the
 * stages in data-flow order for each of the first three steps, and closes them in the reverse order
 * of their opening. Calls are made one after the other by one thread, the shutdown's; each bounds
 * its own wait. A call that overruns its bound is left behind, and {@link #close} is then called by
 * another thread while that call is still waiting.
 */
public interface Stage extends AutoCloseable {

  /** The stage's name in logs and the report: one lower-case word. */
  String name();

  /** Stops accepting new work. Returns at once; idempotent. */
  void stopIntake();

  /**
   * Cancels all work that has not begun and gives its leases back.
   *
   * @return how many things were cancelled
   */
  int cancelPending();

  /**
   * Waits for work in progress; at the deadline, cancels the rest.
   *
   * @return how much ended by itself and how much was cut
   */
  Drained drain(Deadline deadline);

  /** Releases every resource of the stage, within a bounded time. May be called from any state. */
  @Override
  void close();

  /**
   * Threads of the stage that neither its drain nor its close could end, because they compute and
   * ignore interrupts. They end with the process, and so do their resources, which only they may
   * close. Such a stop is forced, and the audit does not report these threads and resources as
   * leaks. Called after {@link #close}.
   */
  default List<Thread> leftBehind() {
    return List.of();
  }

  /**
   * Permanent failures during the stage's life, before or during the stop, above all of storage;
   * one line each. A stop with such a failure is not clean. Called after {@link #close}.
   */
  default List<String> failures() {
    return List.of();
  }

  /**
   * The result of a drain.
   *
   * @param completed things that ended by themselves
   * @param forced things that the deadline cut
   */
  record Drained(int completed, int forced) {
    /** The result if nothing had begun. */
    public static final Drained NOTHING = new Drained(0, 0);

    /** The sum of both. */
    public Drained plus(Drained other) {
      return new Drained(completed + other.completed, forced + other.forced);
    }
  }
}
