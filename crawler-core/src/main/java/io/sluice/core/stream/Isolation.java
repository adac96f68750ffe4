package io.sluice.core.stream;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets one consumer of a process hold a page while no other holds any: only a page that was alone
 * in flight can be blamed for its worker's death. Each process has one, which its consumers share.
 * Thread-safe: a fair semaphore.
 */
public final class Isolation {

  private final int consumers;
  private final Semaphore places;

  /**
   * @param consumers maximum number of consumers of the process
   */
  public Isolation(int consumers) {
    this.consumers = consumers;
    this.places = new Semaphore(consumers, true);
  }

  /**
   * Enters together with others; false if another consumer is still inside alone after {@code
   * wait}.
   */
  boolean enter(Duration wait) throws InterruptedException {
    return places.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Enters alone; false if the others have not left after {@code wait}. */
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
