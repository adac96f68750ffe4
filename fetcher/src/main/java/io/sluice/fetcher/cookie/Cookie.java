package io.sluice.fetcher.cookie;

import io.sluice.core.url.Url;
import java.time.Instant;
import java.util.Objects;

/**
 * A cookie as RFC 6265 stores it (5.3). Immutable.
 *
 * @param name not empty; like the value, in ISO 8859-1: each byte is one character
 * @param value possibly empty
 * @param domain the host that set it, or a domain above that host
 * @param hostOnly whether it is sent to that host only, not to hosts below its domain
 * @param path the path at and below which it applies; begins with a slash
 * @param secure whether it is sent over https only
 * @param expires when it expires; {@link Instant#MAX} if it lasts as long as its chain
 */
record Cookie(
    String name,
    String value,
    String domain,
    boolean hostOnly,
    String path,
    boolean secure,
    Instant expires) {

  /** Whether the other cookie replaces this one (same name, domain and path). */
  boolean isReplacedBy(Cookie other) {
    return name.equals(other.name)
        && domain.equals(other.domain)
        && hostOnly == other.hostOnly
        && path.equals(other.path);
  }

  /** Whether this cookie is sent with a request for the given URL (RFC 6265, 5.4). */
  boolean goesTo(Url url, Instant now) {
    return (url.isHttps() || !secure)
        && (hostOnly ? domain.equals(url.host()) : domainMatches(url.host(), domain))
        && pathMatches(url.path(), path)
        && now.isBefore(expires);
  }

  /**
   * Whether a host lies in a domain (5.1.3). Both are canonical, so a domain matches an IP address
   * only if it is that address.
   */
  static boolean domainMatches(String host, String domain) {
    return host.equals(domain)
        || (host.endsWith(domain) && host.charAt(host.length() - domain.length() - 1) == '.');
  }

  /** Whether a path lies at or below another (5.1.4). */
  static boolean pathMatches(String path, String above) {
    return path.equals(above)
        || (path.startsWith(above) && (above.endsWith("/") || path.charAt(above.length()) == '/'));
  }

  /** A number that is equal for equal cookies, regardless of when they expire. */
  int fingerprint() {
    return Objects.hash(name, value, domain, hostOnly, path, secure);
  }

  /** Total length of name, value, domain and path, in characters. */
  int size() {
    return name.length() + value.length() + domain.length() + path.length();
  }
}
