package io.sluice.frontier;

/** Why a crawl came to its end. */
public enum EndReason {
  /** Nothing is queued, leased or outstanding any more. */
  EXHAUSTED,
  /** {@code crawl.max-pages} pages were fetched. */
  MAX_PAGES,
  /** {@code crawl.max-time} passed. */
  MAX_TIME,
  /** The frontier was closed before any of the others. */
  STOPPED
}
