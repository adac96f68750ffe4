package io.sluice.core.lease;

import java.util.concurrent.CompletionStage;

/**
 * Where leases are returned: the fetcher's view of the frontier. Thread-safe: each call is a
 * message to the lease's shard and returns at once.
 *
 * <p>The life of a lease: {@code take}, then {@link #visited} when the visit is over, then either
 * {@link #settle}, or {@link #outstanding} when its page is in Redis and {@link #settle} when the
 * page's outcome arrives.
 */
public interface LeaseDesk {

  /**
   * Ends the visit: the host's connection is free and its delay begins now. Called once for each
   * lease, before any other call for it.
   *
   * @return a stage with the decision whether the URL or its host is charged with the failure;
   *     complete at once if the visit did not fail, else completed on the shard's thread. It fails
   *     only if the frontier is closed or its storage failed
   */
  CompletionStage<Ruling> visited(LeaseId lease, Visit visit);

  /**
   * Notes that Redis has the lease's page, or may have it, and that a parser owes the outcome.
   *
   * @param bytes what the page alone occupies there; together with a reserve for its outcome this
   *     replaces the estimate made when the lease was issued
   */
  void outstanding(LeaseId lease, long bytes);

  /**
   * Ends a lease. If the lease is not out, nothing happens, except that the offers of a {@link
   * Settlement.Done} are taken.
   *
   * @return a stage that completes on the shard's thread once the settlement is journaled and
   *     synced; it fails only if the frontier is closed or its storage failed
   */
  CompletionStage<Void> settle(LeaseId lease, Settlement settlement);
}
