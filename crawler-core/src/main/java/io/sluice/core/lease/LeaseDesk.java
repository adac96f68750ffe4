package io.sluice.core.lease;

import java.util.concurrent.CompletionStage;

/**
 * Where leases are brought back: the frontier, as the fetcher sees it. Thread-safe: each call is a
 * message to the lease's shard and returns at once.
 *
 * <p>The life of a lease: {@code take}, then {@link #visited} when the visit is over, then either
 * {@link #settle}, or {@link #outstanding} when its page is in Redis and {@link #settle} when the
 * page's outcome arrives.
 */
public interface LeaseDesk {

  /**
   * The visit is over: the host's connection is free and its delay begins now. Once a lease, before
   * any other call for it.
   */
  void visited(LeaseId lease, Visit visit);

  /**
   * Redis has the lease's page, or may have it; a parser owes the outcome.
   *
   * @param bytes what the page alone occupies there; together with a reserve for its outcome it
   *     replaces the estimate made at the lease
   */
  void outstanding(LeaseId lease, long bytes);

  /**
   * Ends a lease. A lease that is not out is left alone, the offers of a {@link Settlement.Done}
   * excepted: they are taken in any case.
   *
   * @return completes on the shard's thread once the settlement is journaled and synced; fails only
   *     when the frontier is closed or its storage failed
   */
  CompletionStage<Void> settle(LeaseId lease, Settlement settlement);
}
