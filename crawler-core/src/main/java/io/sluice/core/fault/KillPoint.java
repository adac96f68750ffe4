package io.sluice.core.fault;

import org.jspecify.annotations.Nullable;

/**
 * The points of the handover at which a crash or a stop is most interesting (docs/handover.md).
 * Each names the window that it opens: what has happened when it is reached, and what has not.
 *
 * <p>{@code -Dsluice.kill-point=OUTPUT_SYNCED:3:DIR} arms one: the thread that reaches it for the
 * third time writes {@code DIR/OUTPUT_SYNCED.reached} with the process's id and {@linkplain Hold
 * waits} until {@code DIR/OUTPUT_SYNCED.go} appears. Meanwhile a test sends real signals. Only the
 * command line arms a point: no configuration, environment variable or request does. Otherwise
 * {@link #reached} is a comparison of a constant with null, which the JVM folds away
 * (docs/decisions/0007).
 *
 * <p>Thread-safe: the armed point is fixed when the class is loaded.
 */
public enum KillPoint {
  // --- in the supervisor ---

  /** Redis runs; no process of the crawl has been started. */
  REDIS_STARTED,

  /** The fetcher was started and is not up yet; parsers follow once it owns the partition. */
  CHILDREN_STARTED,

  /** During a stop: the fetcher has ended; the parsers have not been told to stop. */
  FETCHER_ENDED,

  /** During a stop: the parsers have ended; Redis has not been told to stop. */
  PARSERS_ENDED,

  // --- in the fetcher process ---

  /**
   * Between the two searches for leases, at start-up or once Redis has restarted: it is known which
   * leases are in the pages, but not yet which are in the outcomes.
   */
  RECOVERING,

  /** A lease was taken; nothing has been requested from its host yet. */
  LEASED,

  /** A page was fetched, between lease and XADD. */
  FETCHED,

  /** A page's XADD was written; its reply has not been read. */
  PAGE_SENT,

  /** Outcomes were read; none of them is journaled. */
  OUTCOMES_READ,

  /** Outcomes are journaled and synced; they have not been deleted from the stream. */
  OUTCOME_JOURNALED,

  /** A checkpoint is written under a temporary name; the previous one is still in effect. */
  CHECKPOINT,

  /** A checkpoint has its final name; the one that it replaces still exists. */
  CHECKPOINT_RENAMED,

  // --- in a parser process ---

  /** Pages were delivered; none was parsed. */
  BATCH_READ,

  /** A page is being parsed. Held forever, it simulates a page that hangs its worker. */
  PARSING,

  /** The output of a batch is synced; the batch is not committed. */
  OUTPUT_SYNCED,

  /** A batch is committed; the worker does not know it yet. */
  COMMITTED,

  /** A file is recorded as sealed; it has not been renamed. */
  SEALED;

  private static final @Nullable Hold ARMED = Hold.parse(System.getProperty("sluice.kill-point"));

  /** Marks the point. Returns at once unless this point is armed. */
  public void reached() {
    if (ARMED != null) {
      ARMED.at(this);
    }
  }
}
