package io.sluice.core.url;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * An absolute {@code http} or {@code https} URL, parsed and serialized by the WHATWG URL standard,
 * without its fragment. Two URLs are equal when their serializations are. Immutable.
 */
public final class Url {

  private final URI uri;

  private Url(URI uri) {
    this.uri = uri;
  }

  /** Parses an absolute URL; null where the standard fails or the scheme is not http or https. */
  public static @Nullable Url parse(String input) {
    try {
      URI uri = URI.create(input).normalize();
      return uri.getHost() == null ? null : new Url(uri);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Resolves a reference against this URL; null where the standard fails or the result is not
   * http(s).
   */
  public @Nullable Url resolve(String reference) {
    try {
      return parse(uri.resolve(reference).toString());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The serialization, ASCII only, without a fragment. */
  public String href() {
    return uri.toString();
  }

  /** {@code http} or {@code https}. */
  public String scheme() {
    return uri.getScheme();
  }

  /** The host: a lower-case ASCII domain, an IPv4 address, or an IPv6 address in brackets. */
  public String host() {
    return uri.getHost();
  }

  /** The port, the scheme's default where the URL names none. */
  public int port() {
    return uri.getPort() >= 0 ? uri.getPort() : scheme().equals("https") ? 443 : 80;
  }

  /**
   * Host, and port where it is not the scheme's default: the Host field's value (RFC 9110, 7.2).
   */
  public String authority() {
    return uri.getPort() >= 0 ? host() + ":" + uri.getPort() : host();
  }

  /** Scheme, {@code ://} and {@link #authority}: what robots.txt is fetched for. */
  public String origin() {
    return scheme() + "://" + authority();
  }

  /** The path, which begins with a slash. */
  public String path() {
    return uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
  }

  /** Path, and {@code ?query} where there is one: the request target (RFC 9112, 3.2.1). */
  public String pathAndQuery() {
    return uri.getRawQuery() == null ? path() : path() + "?" + uri.getRawQuery();
  }

  /** Whether the URL carries a user name or password. */
  public boolean hasCredentials() {
    return uri.getRawUserInfo() != null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Url url && href().equals(url.href());
  }

  @Override
  public int hashCode() {
    return href().hashCode();
  }

  @Override
  public String toString() {
    return href();
  }
}
