package io.sluice.core.fault;

import org.jspecify.annotations.Nullable;

/**
 * The points of the hand-over at which a crash, or a stop, tells most. Each names the window that
 * it opens: what has happened when it is reached, and what has not.
 *
 * <p>{@code -Dsluice.kill-point=OUTPUT_SYNCED:3:DIR} arms one: the thread that reaches it for the
 * third time writes {@code DIR/OUTPUT_SYNCED.reached} with the process's id and {@linkplain Hold
 * waits} until {@code DIR/OUTPUT_SYNCED.go} appears. Meanwhile a test sends real signals. Only the
 * command line arms a point: no configuration, environment variable or request does. Otherwise
 * {@link #reached} is a comparison of a constant with null, which the JVM folds away
 * (docs/decisions/0007).
 *
 * <p>Thread-safe: what is armed is decided when the class is loaded.
 */
public enum KillPoint {
  // --- in the supervisor ---

  /** Redis runs; no process of the crawl was started. */
  REDIS_STARTED,

  /** All processes were started; none is up yet. */
  CHILDREN_STARTED,

  /** In a stop: the fetcher has ended, no parser was asked to. */
  FETCHER_ENDED,

  /** In a stop: the parsers have ended, Redis was not asked to. */
  PARSERS_ENDED,

  // --- in the fetcher process ---

  /** At a start: it is known which leases are in the pages, not yet which are in the outcomes. */
  RECOVERING,

  /** A lease is in hand; nothing was asked of its host yet. */
  LEASED,

  /** A page is in hand; it was not appended: between lease and XADD. */
  FETCHED,

  /** A page's XADD was written; its reply was not read. */
  PAGE_SENT,

  /** Outcomes were read; nothing of them is journaled. */
  OUTCOMES_READ,

  /** Outcomes are journaled and synced; they were not deleted from the stream. */
  OUTCOME_JOURNALED,

  /** A checkpoint is written under a temporary name; the former one counts. */
  CHECKPOINT,

  /** A checkpoint has its name; what it replaces is there still. */
  CHECKPOINT_RENAMED,

  // --- in a parser process ---

  /** Pages were delivered; none was parsed. */
  BATCH_READ,

  /** A page is being parsed. Held for ever it is a page that hangs its worker. */
  PARSING,

  /** The output of a batch is synced; the batch is not committed. */
  OUTPUT_SYNCED,

  /** A batch is committed; the worker has not taken note of it. */
  COMMITTED,

  /** A file is recorded as sealed; it was not renamed. */
  SEALED;

  private static final @Nullable Hold ARMED = Hold.parse(System.getProperty("sluice.kill-point"));

  /** Says that the caller is there. Returns at once unless this very point is armed. */
  public void reached() {
    if (ARMED != null) {
      ARMED.at(this);
    }
  }
}
