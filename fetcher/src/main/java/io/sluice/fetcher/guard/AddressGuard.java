package io.sluice.fetcher.guard;

import io.sluice.core.address.AddressRules;
import io.sluice.core.config.FetcherSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Reason;
import io.sluice.core.url.Url;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges URLs and addresses. A crawler follows links written by strangers, which must not lead it
 * to private machines on its network. A pure policy; the caller acts on it. Immutable.
 */
public final class AddressGuard {
  private final AddressRules rules;

  /** Creates a guard from settings alone, for a crawl whose seeds name no special addresses. */
  public AddressGuard(FetcherSettings.Addresses settings) {
    this(new AddressRules(settings, List.of()));
  }

  private AddressGuard(AddressRules rules) {
    this.rules = rules;
  }

  /** Creates a guard from a configuration, including its seeds. */
  public static AddressGuard of(SluiceConfig config) {
    return new AddressGuard(AddressRules.of(config));
  }

  /**
   * Why the URL may not be requested, whatever its host resolves to; null if it may.
   *
   * @param via the URL of the page or redirect that led to it; null for a seed
   */
  public @Nullable Reason refusal(Url url, @Nullable String via) {
    if (url.hasCredentials()) {
      return Reason.CREDENTIALS_FORBIDDEN;
    }
    return switch (rules.bar(url, via)) {
      case null -> null;
      case PORT -> Reason.PORT_FORBIDDEN;
      case ADDRESS -> Reason.ADDRESS_FORBIDDEN;
    };
  }

  /** Whether a connection to the given address and port of a host may be made. */
  public boolean allows(String host, int port, InetAddress address) {
    return rules.allows(host, port, address);
  }

  /** Whether a connection to the address may be made, whatever host it belongs to. */
  boolean allows(InetAddress address) {
    return rules.allows(address);
  }
}
