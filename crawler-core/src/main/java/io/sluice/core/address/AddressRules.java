package io.sluice.core.address;

import io.netty.util.NetUtil;
import io.sluice.core.config.FetcherSettings;
import io.sluice.core.config.Seed;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Url;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The ports and addresses that may be contacted: public addresses and {@code
 * fetcher.addresses.ports}; what {@code fetcher.addresses.allow} adds; and what {@code crawl.seeds}
 * name. A seed's host and port may be contacted even if its port is not listed and, if the host is
 * an IP address or localhost, even if that address is special. This holds only for that host and
 * port, and not for a link or redirect that leads there from elsewhere: a third party's page gains
 * no access through the seed.
 *
 * <p>Seeds of {@code crawl.seeds-file} grant nothing: such a file may come from a third party.
 * Immutable.
 */
public final class AddressRules {

  /** Why a URL may not be requested. */
  public enum Bar {
    /** Its port is not in {@code fetcher.addresses.ports}. */
    PORT,
    /** Its host is a special address that {@code fetcher.addresses.allow} does not contain. */
    ADDRESS
  }

  private final List<Cidr> allowed;
  private final Set<Integer> ports;

  /** Host and port of each seed, {@code 127.0.0.1:8000}. */
  private final Set<String> named;

  /**
   * Creates rules from settings and the seeds of the same configuration.
   *
   * @throws IllegalArgumentException if a range is malformed; the configuration was validated
   */
  public AddressRules(FetcherSettings.Addresses settings, List<Seed> seeds) {
    this.allowed = settings.allow().stream().map(Cidr::of).toList();
    this.ports = Set.copyOf(settings.ports());
    this.named = seeds.stream().map(seed -> hostPort(seed.url())).collect(Collectors.toSet());
  }

  /** The rules of a config. */
  public static AddressRules of(SluiceConfig config) {
    return new AddressRules(config.fetcher().addresses(), config.crawl().seeds());
  }

  /**
   * Why a URL may not be requested, as far as is known before its host is resolved; null if it may
   * be.
   *
   * @param via the URL of the page or redirect that led to it; null for a seed
   */
  public @Nullable Bar bar(Url url, @Nullable String via) {
    boolean isNamed = named.contains(hostPort(url));
    Bar bar = portAllowed(url) ? null : Bar.PORT;
    if (bar == null && isNamed && specialLiteral(url)) {
      bar = Bar.ADDRESS; // only the seed allows it
    }
    return isNamed && bar != null && !leadsElsewhere(via, url) ? null : bar;
  }

  /**
   * Why a URL that is not one of {@code crawl.seeds} may not be requested: its port, or the address
   * that its host spells; null if it may be.
   */
  public @Nullable Bar literalBar(Url url) {
    if (!portAllowed(url)) {
      return Bar.PORT;
    }
    return specialLiteral(url) ? Bar.ADDRESS : null;
  }

  /** Whether a connection to an address may be made, whatever host it belongs to. */
  public boolean allows(InetAddress address) {
    return allows(address.getAddress());
  }

  /** Whether a connection to an address of the given host may be made, at the given port. */
  public boolean allows(String host, int port, InetAddress address) {
    return allows(address)
        || (named.contains(hostPort(host, port)) && spells(host, address.getAddress()));
  }

  private boolean allows(byte[] address) {
    byte[] inner = SpecialAddresses.embedded(address);
    return !SpecialAddresses.contains(address)
        || inRange(address)
        || (inner != null && inRange(inner));
  }

  private boolean inRange(byte[] address) {
    return allowed.stream().anyMatch(range -> range.contains(address));
  }

  private boolean portAllowed(Url url) {
    return ports.isEmpty() || ports.contains(url.port());
  }

  /** Whether the host itself spells a refused address, so that no lookup is needed. */
  private boolean specialLiteral(Url url) {
    String host = url.withoutRootDot().host();
    byte[] literal = literal(host);
    return literal == null ? isLocalhost(host) && !loopbackInRange() : !allows(literal);
  }

  private boolean loopbackInRange() {
    return inRange(new byte[] {127, 0, 0, 1});
  }

  /** Whether the host spells the given address, or is localhost and the address is loopback. */
  private static boolean spells(String host, byte[] address) {
    byte[] literal = literal(host);
    if (literal == null) {
      return isLocalhost(host) && SpecialAddresses.isLoopback(address);
    }
    return Arrays.equals(literal, address)
        || Arrays.equals(SpecialAddresses.embedded(literal), address);
  }

  private static byte @Nullable [] literal(String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return NetUtil.createByteArrayFromIpAddressString(
        bracketed ? host.substring(1, host.length() - 1) : host);
  }

  /** Names that mean loopback wherever they are resolved (RFC 6761, section 6.3). */
  private static boolean isLocalhost(String host) {
    return host.equals("localhost") || host.endsWith(".localhost");
  }

  private static boolean leadsElsewhere(@Nullable String via, Url url) {
    if (via == null || via.startsWith(url.origin() + "/")) {
      return false;
    }
    Url from = Url.parse(via);
    return from == null || !hostPort(from).equals(hostPort(url));
  }

  private static String hostPort(Url url) {
    return hostPort(url.withoutRootDot().host(), url.port());
  }

  private static String hostPort(String host, int port) {
    return host + ":" + port;
  }
}
