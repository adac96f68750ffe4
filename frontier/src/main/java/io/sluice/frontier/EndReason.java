package io.sluice.frontier;

/** Why a crawl has ended. */
public enum EndReason {
  /** Nothing is queued, leased or outstanding any more. */
  EXHAUSTED,
  /** {@code crawl.max-pages} pages were fetched. */
  MAX_PAGES,
  /** {@code crawl.max-time} passed. */
  MAX_TIME,
  /** The frontier was closed before any other reason applied. */
  STOPPED
}
