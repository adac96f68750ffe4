package io.sluice.fetcher.http;

/**
 * What one body has of the {@link BodyBudget}. Whoever holds the body holds this, and lets it go
 * with it; of a response that is {@link HttpReply.Answered}'s receiver.
 *
 * <p>Thread-safe: its fields are guarded by the budget's monitor.
 */
public final class BodyMemory {
  private final BodyBudget budget;
  private final Runnable onGrant;

  /** What was claimed; guarded by the budget. */
  long bytes;

  /** Whether {@link #bytes} are counted as used; guarded by the budget. */
  boolean granted;

  /**
   * Memory of which nothing is claimed yet.
   *
   * @param onGrant told once when a claim that had to wait is granted, on any thread; must not
   *     block
   */
  BodyMemory(BodyBudget budget, Runnable onGrant) {
    this.budget = budget;
    this.onGrant = onGrant;
  }

  /** Claims so much, once; whether it was granted at once. */
  boolean claim(long wanted) {
    return budget.claim(this, wanted);
  }

  /** The body has this length and grows no more. */
  void shrink(long length) {
    budget.shrink(this, length);
  }

  void resume() {
    onGrant.run();
  }

  /** The body is not held any more. May be called again, and on any thread. */
  public void release() {
    budget.release(this);
  }
}
