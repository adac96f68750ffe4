package io.sluice.fetcher.http;

/**
 * A body's share of the {@link BodyBudget}. The owner of the body owns this, too, and releases it
 * with the body; for a response, the owner is the receiver of {@link HttpReply.Answered}.
 *
 * <p>Thread-safe: its fields are guarded by the budget's monitor.
 */
public final class BodyMemory {
  private final BodyBudget budget;
  private final Runnable onGrant;

  /** The memory counted for this body; guarded by the budget. */
  long bytes;

  /** The last claim, in bytes, and the largest claim that may follow; guarded by the budget. */
  long wantedBytes;

  long mostBytes;

  /**
   * Creates memory without a claim.
   *
   * @param onGrant called when a claim that had to wait is granted, on any thread; must not block
   */
  BodyMemory(BodyBudget budget, Runnable onGrant) {
    this.budget = budget;
    this.onGrant = onGrant;
  }

  /**
   * Claims memory.
   *
   * @param wanted the body's memory from now on, including what it already has
   * @param most maximum memory that it may need before it is complete
   * @return whether the claim was granted at once
   */
  boolean claim(long wanted, long most) {
    return budget.claim(this, wanted, most);
  }

  /** The body has this length and has stopped growing. */
  void shrink(long length) {
    budget.shrink(this, length);
  }

  void resume() {
    onGrant.run();
  }

  /** The body is no longer held. Idempotent and thread-safe. */
  public void release() {
    budget.release(this);
  }
}
