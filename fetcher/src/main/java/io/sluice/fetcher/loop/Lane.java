package io.sluice.fetcher.loop;

import io.netty.channel.EventLoop;

/**
 * One event loop and what belongs to it. Everything that concerns a host happens on its lane, so
 * that nothing of it is locked. Immutable.
 *
 * @param index its number, from 0
 * @param loop the thread
 * @param sweep the deadlines of what waits there
 */
public record Lane(int index, EventLoop loop, Sweep sweep) {
  /** Throws unless the caller runs on the lane. */
  public void assertHere() {
    if (!loop.inEventLoop()) {
      throw new IllegalStateException("not on lane " + index + ": " + Thread.currentThread());
    }
  }
}
