package io.sluice.core.lease;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What a restarted fetcher process settles before it issues its first lease (docs/handover.md, "The
 * restart of the fetcher"). Thread-safe.
 */
public interface LeaseRecovery {

  /** The leases that were out, visited or outstanding, when the previous process ended. */
  Set<LeaseId> outAtStart();

  /**
   * Gives back leases that have neither a page nor an outcome in Redis: their URLs are queued
   * again.
   *
   * @return a stage that completes once that is journaled
   */
  CompletionStage<Void> giveBack(Collection<LeaseId> lost);

  /**
   * Ends leases that were in the fetcher's hands when it died, since one of them may have killed
   * it: their URLs wait while others proceed ({@link Settlement.Struck}).
   *
   * @return a stage that completes once that is journaled
   */
  CompletionStage<Void> strike(Collection<LeaseId> inHand);
}
