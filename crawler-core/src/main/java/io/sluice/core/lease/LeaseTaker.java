package io.sluice.core.lease;

/** Takes leases and visits their URLs: the frontier's view of the fetcher. */
public interface LeaseTaker {

  /**
   * Hands over a lease. Called on the thread of the lease's shard; must return at once and never
   * throws. The taker owes the {@link LeaseDesk} one call of {@link LeaseDesk#visited} and then
   * exactly one settlement of the lease.
   */
  void take(Lease lease);
}
