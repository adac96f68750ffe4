package io.sluice.core.url;

import org.jspecify.annotations.Nullable;

/**
 * An absolute {@code http} or {@code https} URL, parsed and serialized by the WHATWG URL standard,
 * without its fragment. Two URLs are equal when their serializations are. Immutable.
 *
 * <p>It holds the serialization and the places where its parts begin and end; a part is cut out
 * when it is asked for.
 */
public final class Url {

  /** The most characters of an input and of a serialization; what is longer is no URL here. */
  public static final int MAX_LENGTH = 65_536;

  static final int HTTP_PORT = 80;
  static final int HTTPS_PORT = 443;

  private final String href;
  private final int hostStart;
  private final int hostEnd;
  private final int port;
  private final int pathStart;
  private final int pathEnd;

  Url(String href, int hostStart, int hostEnd, int port, int pathStart, int pathEnd) {
    this.href = href;
    this.hostStart = hostStart;
    this.hostEnd = hostEnd;
    this.port = port;
    this.pathStart = pathStart;
    this.pathEnd = pathEnd;
  }

  /**
   * Parses an absolute URL; null where the standard fails, the scheme is not http or https, or the
   * input or the result is longer than {@link #MAX_LENGTH}.
   */
  public static @Nullable Url parse(String input) {
    return UrlParser.parse(input, null);
  }

  /**
   * Resolves a reference against this URL; null where the standard fails, the result is not http or
   * https, or the reference or the result is longer than {@link #MAX_LENGTH}. A query is encoded as
   * UTF-8.
   */
  public @Nullable Url resolve(String reference) {
    return UrlParser.parse(reference, this);
  }

  /**
   * Why {@link #parse} returns null for this input, as a clause in plain English such as {@code it
   * has no host}; null where the input is a URL.
   */
  public static @Nullable String explain(String input) {
    UrlProblem problem = UrlParser.problem(input);
    return problem == null ? null : problem.reason();
  }

  /** The serialization, ASCII only, without a fragment. */
  public String href() {
    return href;
  }

  /** {@code http} or {@code https}. */
  public String scheme() {
    return isHttps() ? "https" : "http";
  }

  /** The host: a lower-case ASCII domain, an IPv4 address, or an IPv6 address in brackets. */
  public String host() {
    return href.substring(hostStart, hostEnd);
  }

  /** The port, the scheme's default where the URL names none. */
  public int port() {
    return port;
  }

  /**
   * Host, and port where it is not the scheme's default: the Host field's value (RFC 9110, 7.2).
   */
  public String authority() {
    return href.substring(hostStart, pathStart);
  }

  /** Scheme, {@code ://} and {@link #authority}: what robots.txt is fetched for. */
  public String origin() {
    return hasCredentials() ? scheme() + "://" + authority() : href.substring(0, pathStart);
  }

  /** The path, which begins with a slash. */
  public String path() {
    return href.substring(pathStart, pathEnd);
  }

  /** Path, and {@code ?query} where there is one: the request target (RFC 9112, 3.2.1). */
  public String pathAndQuery() {
    return href.substring(pathStart);
  }

  /** Whether the URL carries a user name or password. */
  public boolean hasCredentials() {
    return href.charAt(hostStart - 1) == '@';
  }

  boolean isHttps() {
    return href.charAt(4) == 's';
  }

  int hostStart() {
    return hostStart;
  }

  int hostEnd() {
    return hostEnd;
  }

  /** Where the path's first slash stands in {@link #href}. */
  public int pathStart() {
    return pathStart;
  }

  /** Where the path ends in {@link #href}: at the query's question mark, or at the end. */
  public int pathEnd() {
    return pathEnd;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Url url && href.equals(url.href);
  }

  @Override
  public int hashCode() {
    return href.hashCode();
  }

  @Override
  public String toString() {
    return href;
  }
}
