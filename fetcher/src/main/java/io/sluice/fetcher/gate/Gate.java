package io.sluice.fetcher.gate;

import io.sluice.core.config.HostRules;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.Lease;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Admits visits to the hosts that they may send requests to. Thread-safe: immutable. */
public final class Gate {
  private final HostRules rules;
  private final boolean sharedDelay;
  private final AddressDesk addresses;
  private final HostDesk hosts;

  /** Creates a gate that asks two desks when a request may be sent; they are borrowed. */
  public Gate(SluiceConfig config, AddressDesk addresses, HostDesk hosts) {
    this.rules = HostRules.of(config);
    this.sharedDelay =
        config.politeness().domain().delay().isPositive()
            || config.politeness().address().delay().isPositive();
    this.addresses = addresses;
    this.hosts = hosts;
  }

  /**
   * Admits a lease's visit to its host: the frontier issues a lease only when its host may be sent
   * one request.
   */
  public Pass admit(Lease lease) {
    return new Pass(lease.id(), lease.url().host(), this);
  }

  AddressDesk addresses() {
    return addresses;
  }

  HostDesk hosts() {
    return hosts;
  }

  /** Whether a delay has to pass between two requests that one visit sends to a host. */
  boolean pauses(String host, @Nullable Duration crawlDelay) {
    return sharedDelay
        || rules.settingsOf(host).delay().isPositive()
        || (crawlDelay != null && crawlDelay.isPositive());
  }
}
