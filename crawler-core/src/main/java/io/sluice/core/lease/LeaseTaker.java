package io.sluice.core.lease;

/** Who visits: the fetcher, as the frontier sees it. */
public interface LeaseTaker {

  /**
   * Hands over a lease. Called on the thread of the lease's shard; must return at once and never
   * throws. The taker owes the {@link LeaseDesk} one {@link LeaseDesk#visited} and then one end of
   * the lease.
   */
  void take(Lease lease);
}
