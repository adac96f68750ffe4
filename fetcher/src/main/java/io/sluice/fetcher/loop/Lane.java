package io.sluice.fetcher.loop;

import io.netty.channel.EventLoop;

/**
 * One event loop, its number and its deadlines. All work for a host is done on the host's lane and
 * therefore needs no locks. Immutable.
 *
 * @param index its number, from 0
 * @param loop the event loop, which has one thread
 * @param sweep the deadlines of the lane's work
 */
public record Lane(int index, EventLoop loop, DeadlineSweep sweep) {
  /**
   * The time on the clock that deadlines use, in nanoseconds; the same on all lanes. Thread-safe.
   */
  public long nanoTime() {
    return sweep.nanoTime();
  }

  /** Throws unless the caller runs on the lane. */
  public void assertHere() {
    if (!loop.inEventLoop()) {
      throw new IllegalStateException("not on lane " + index + ": " + Thread.currentThread());
    }
  }
}
