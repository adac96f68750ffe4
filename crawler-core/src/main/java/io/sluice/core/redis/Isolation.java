package io.sluice.core.redis;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets one consumer of a process hold a page while no other holds any: only a page that was alone
 * in flight may be blamed for its worker's death. One for each process, shared by its consumers.
 * Thread-safe: a fair semaphore.
 */
public final class Isolation {

  private final int consumers;
  private final Semaphore places;

  /**
   * @param consumers consumers of the process at most
   */
  public Isolation(int consumers) {
    this.consumers = consumers;
    this.places = new Semaphore(consumers, true);
  }

  /** Enters beside others; false if somebody is alone inside for that long. */
  boolean enter(Duration wait) throws InterruptedException {
    return places.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Enters alone; false if the others do not leave in time. */
  boolean enterAlone(Duration wait) throws InterruptedException {
    return places.tryAcquire(consumers, wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  void leave() {
    places.release();
  }

  void leaveAlone() {
    places.release(consumers);
  }
}
