package io.sluice.core.stream;

import java.time.Duration;

/**
 * Where a consumer is with respect to its process's {@link Isolation}: outside, inside with others,
 * or inside alone.
 *
 * <p>Confined to its worker's thread.
 */
final class Presence {

  private final Isolation isolation;
  private State state = State.OUTSIDE;

  private enum State {
    OUTSIDE,
    BESIDE_OTHERS,
    ALONE
  }

  /** Starts outside. */
  Presence(Isolation isolation) {
    this.isolation = isolation;
  }

  /**
   * Enters together with others; false if a consumer, perhaps this one, stays inside alone for as
   * long as {@code wait}.
   */
  boolean enter(Duration wait) throws InterruptedException {
    if (state == State.OUTSIDE && isolation.enter(wait)) {
      state = State.BESIDE_OTHERS;
    }
    if (state == State.ALONE) {
      Thread.sleep(wait); // nothing more until the page that runs alone is committed
    }
    return state == State.BESIDE_OTHERS;
  }

  /** Enters alone; if that fails, the consumer is outside. */
  boolean enterAlone(Duration wait) throws InterruptedException {
    leave();
    if (isolation.enterAlone(wait)) {
      state = State.ALONE;
    }
    return state == State.ALONE;
  }

  boolean outside() {
    return state == State.OUTSIDE;
  }

  void leave() {
    switch (state) {
      case OUTSIDE -> {}
      case BESIDE_OTHERS -> isolation.leave();
      case ALONE -> isolation.leaveAlone();
    }
    state = State.OUTSIDE;
  }
}
