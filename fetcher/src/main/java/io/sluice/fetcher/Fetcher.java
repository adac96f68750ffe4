package io.sluice.fetcher;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.LeaseTaker;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.Stage;
import io.sluice.core.resource.Ledger;
import io.sluice.fetcher.handover.PageSink;
import java.util.List;

/**
 * Visits the URLs of the leases that it takes, and hands their pages over.
 *
 * <p>Thread-safe.
 */
public final class Fetcher implements LeaseTaker, Stage {
  private final LeaseDesk desk;

  private Fetcher(LeaseDesk desk) {
    this.desk = desk;
  }

  /**
   * Opens a fetcher with its event loops and name resolvers. Desk, sink, ledger and registry are
   * borrowed.
   *
   * @param desk where leases are brought back
   * @param sink where pages go
   */
  public static Fetcher open(
      SluiceConfig config, LeaseDesk desk, PageSink sink, Ledger ledger, MeterRegistry meters) {
    return new Fetcher(desk);
  }

  @Override
  public void take(Lease lease) {
    desk.visited(lease.id(), Visit.UNREQUESTED);
    var _ = desk.settle(lease.id(), new Settlement.GiveBack());
  }

  /** The leases whose requests a drain's deadline cut: they were given back and will repeat. */
  public List<LeaseId> forcedLeases() {
    return List.of();
  }

  @Override
  public String name() {
    return "fetcher";
  }

  @Override
  public void stopIntake() {}

  @Override
  public int cancelPending() {
    return 0;
  }

  @Override
  public Drained drain(Deadline deadline) {
    return Drained.NOTHING;
  }

  @Override
  public void close() {}
}
