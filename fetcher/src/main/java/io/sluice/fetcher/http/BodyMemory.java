package io.sluice.fetcher.http;

/**
 * A body's share of the {@link BodyBudget}. The owner of the body also owns its share, and releases
 * it with the body; for a response, the owner is the receiver of {@link HttpReply.Answered}.
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

  /** Records that the body is complete, and reduces its memory to the given number of bytes. */
  void shrink(long length) {
    budget.shrink(this, length);
  }

  void resume() {
    onGrant.run();
  }

  /** Returns the memory, because the body is no longer needed. Idempotent and thread-safe. */
  public void release() {
    budget.release(this);
  }
}
