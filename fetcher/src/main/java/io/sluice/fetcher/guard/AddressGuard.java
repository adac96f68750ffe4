package io.sluice.fetcher.guard;

import io.sluice.core.config.FetcherSettings;
import io.sluice.core.url.Url;
import io.sluice.fetcher.reason.Reason;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges URLs and addresses: a crawler follows what strangers write, and must not be led to the
 * machines beside it. A pure policy; the caller acts on it. Immutable.
 */
public final class AddressGuard {
  private final List<Cidr> allowed;
  private final Set<Integer> ports;

  /**
   * A guard by the given settings.
   *
   * @throws IllegalArgumentException if a range is none; the configuration was validated before
   */
  public AddressGuard(FetcherSettings.Addresses settings) {
    this.allowed = settings.allow().stream().map(Cidr::of).toList();
    this.ports = Set.copyOf(settings.ports());
  }

  /** Why the URL may not be asked for, whatever its host resolves to; null if it may. */
  public @Nullable Reason refusal(Url url) {
    if (url.hasCredentials()) {
      return Reason.CREDENTIALS_FORBIDDEN;
    }
    return ports.isEmpty() || ports.contains(url.port()) ? null : Reason.PORT_FORBIDDEN;
  }

  /** Whether a connection to the address may be made. */
  public boolean allows(InetAddress address) {
    byte[] bytes = address.getAddress();
    byte[] inner = SpecialAddresses.embedded(bytes);
    return !SpecialAddresses.contains(bytes) || named(bytes) || (inner != null && named(inner));
  }

  private boolean named(byte[] address) {
    return allowed.stream().anyMatch(range -> range.contains(address));
  }
}
