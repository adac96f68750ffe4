package io.sluice.core.config;

import io.sluice.core.config.Format.Read;
import io.sluice.core.url.Url;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Formats of URLs, hosts and addresses. Name servers are never queried. Stateless. */
final class Hosts {

  private static final int MAX_PORT = 65_535;
  private static final int DNS_PORT = 53;
  private static final String URL = "an absolute http or https URL";
  private static final String DOMAIN = "a host such as example.org, or * for every host";
  private static final String HOST = "a host such as example.org";
  private static final String PATTERN =
      "a host such as example.org, or *.example.org for it and all hosts below it";
  private static final String RANGE = "an address or a CIDR range such as 10.0.0.0/8";
  private static final String SERVER = "an IP address, with :port if it is not 53";
  private static final String LISTEN = "an IP address or localhost";
  private static final String REDIS = "embedded, redis://, rediss:// or redis-socket://";

  private Hosts() {}

  /** An absolute http or https URL. */
  static Format<Url> url() {
    return Format.of(URL, Hosts::readUrl).secret();
  }

  /** A host in its canonical spelling, or {@code *}. */
  static Format<String> domain() {
    return Format.of(
        DOMAIN,
        text -> {
          String host = text.equals("*") ? text : canonicalHost(text);
          return host == null ? Format.mustBe(DOMAIN) : Format.value(host);
        });
  }

  /** A host in its canonical spelling. */
  static Format<String> host() {
    return Format.of(
        HOST,
        text -> {
          String host = canonicalHost(text);
          return host == null ? Format.mustBe(HOST) : Format.value(host);
        });
  }

  /** A host in its canonical spelling, or {@code *.} followed by one. */
  static Format<String> pattern() {
    return Format.of(
        PATTERN,
        text -> {
          String below = text.startsWith("*.") ? "*." : "";
          String host = canonicalHost(text.substring(below.length()));
          return host == null ? Format.mustBe(PATTERN) : Format.value(below + host);
        });
  }

  /** A range of addresses, spelt as the network's address and the length of its prefix. */
  static Format<String> range() {
    return Format.of(
        RANGE,
        text -> {
          String range = canonicalRange(text);
          return range == null ? Format.mustBe(RANGE) : Format.value(range);
        });
  }

  /** A name server. */
  static Format<InetSocketAddress> nameServer() {
    return Format.of(
        SERVER,
        text -> {
          InetSocketAddress server = socketAddress(text);
          return server == null ? Format.mustBe(SERVER) : Format.value(server);
        });
  }

  /** An address to listen on. */
  static Format<String> listenAddress() {
    return Format.of(
        LISTEN,
        text ->
            text.equals("localhost") || literal(text) != null
                ? Format.value(text)
                : Format.mustBe(LISTEN));
  }

  /** Where Redis is. */
  static Format<String> redis() {
    return Format.of(REDIS, Hosts::readRedis).secret();
  }

  private static Read<Url> readUrl(String text) {
    Url url = Url.parse(text);
    if (url == null) {
      return Format.refused("must be " + URL + ": " + Url.explain(text));
    }
    return url.hasCredentials() // a config's URLs appear in logs and files
        ? Format.refused("has a user name or password, which is never sent; remove it")
        : Format.value(url);
  }

  private static Read<String> readRedis(String text) {
    if (text.equals(RedisSettings.EMBEDDED)) {
      return Format.value(text);
    }
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme();
      return switch (scheme) {
        case "redis", "rediss" ->
            uri.getHost() == null
                ? Format.refused("must name a host, as in redis://host:6379")
                : Format.value(text);
        case "redis-socket" ->
            uri.getPath() == null || uri.getPath().isEmpty()
                ? Format.refused("must name a socket, as in redis-socket:///run/redis.sock")
                : Format.value(text);
        default -> Format.mustBe(REDIS);
      };
    } catch (URISyntaxException e) {
      return Format.refused("is not a URI: percent-encode the special characters in its password");
    }
  }

  private static @Nullable String canonicalHost(String text) {
    if (text.isBlank() || text.chars().anyMatch(c -> c <= ' ' || "/\\?#@*%".indexOf(c) >= 0)) {
      return null;
    }
    Url url = Url.parse("http://" + text + "/");
    boolean portGiven = url != null && url.port() != 80;
    boolean colonOutsideBrackets = text.lastIndexOf(':') > text.lastIndexOf(']');
    return url == null || portGiven || colonOutsideBrackets ? null : url.withoutRootDot().host();
  }

  private static @Nullable String canonicalRange(String text) {
    int slash = text.indexOf('/');
    InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    byte[] bytes = address.getAddress();
    int bits = 8 * bytes.length;
    int prefix = slash < 0 ? bits : decimal(text.substring(slash + 1), bits);
    if (prefix < 0) {
      return null;
    }
    for (int bit = prefix; bit < bits; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
    }
    try {
      return InetAddress.getByAddress(bytes).getHostAddress() + "/" + prefix;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an IP address cannot have " + bytes.length + " bytes", e);
    }
  }

  private static @Nullable InetSocketAddress socketAddress(String text) {
    InetAddress whole = literal(text);
    if (whole != null) {
      return new InetSocketAddress(whole, DNS_PORT);
    }
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return null;
    }
    InetAddress address = literal(text.substring(0, colon));
    int port = decimal(text.substring(colon + 1), MAX_PORT);
    return address == null || port < 1 ? null : new InetSocketAddress(address, port);
  }

  /** The address that a literal spells, IPv6 with or without brackets; null for anything else. */
  private static @Nullable InetAddress literal(String text) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    String bare = bracketed ? text.substring(1, text.length() - 1) : text;
    boolean dottedQuad = !bracketed && bare.chars().filter(c -> c == '.').count() == 3;
    if (!dottedQuad && bare.indexOf(':') < 0) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(bare);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** A decimal number from 0 to {@code max}; -1 for anything else. */
  private static int decimal(String text, int max) {
    if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    int number = Integer.parseInt(text);
    return number <= max ? number : -1;
  }
}
