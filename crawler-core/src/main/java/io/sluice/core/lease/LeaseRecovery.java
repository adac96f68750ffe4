package io.sluice.core.lease;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What a restarted fetcher process settles before its first lease (PROTOCOL: restart of the
 * fetcher). Thread-safe.
 */
public interface LeaseRecovery {

  /** The leases that were out, in flight or outstanding, when the former process ended. */
  Set<LeaseId> outAtStart();

  /**
   * These leases have neither a page nor an outcome in Redis: their URLs are queued again.
   *
   * @return completes when that is journaled
   */
  CompletionStage<Void> giveBack(Collection<LeaseId> lost);

  /** These leases' pages are in Redis: they stay out until their outcomes come. */
  void stillOutstanding(Collection<LeaseId> leases);
}
