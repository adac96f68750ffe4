package io.sluice.core.url;

import org.jspecify.annotations.Nullable;

/**
 * An absolute {@code http} or {@code https} URL, parsed and serialized by the WHATWG URL standard,
 * without its fragment. Two URLs are equal when their serializations are. Immutable.
 *
 * <p>It holds the serialization and the positions of its parts; a part is extracted when it is
 * asked for.
 */
public final class Url {

  /**
   * Maximum length of an input and of a serialization, in characters; anything longer is not
   * accepted as a URL.
   */
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
   * Parses an absolute URL; null if the standard's parser fails, the scheme is not http or https,
   * or the input or the result is longer than {@link #MAX_LENGTH}.
   */
  public static @Nullable Url parse(String input) {
    return UrlParser.parse(input, null);
  }

  /**
   * Resolves a reference against this URL; null if the standard's parser fails, the result is not
   * http or https, or the reference or the result is longer than {@link #MAX_LENGTH}. A query is
   * encoded as UTF-8.
   */
  public @Nullable Url resolve(String reference) {
    return UrlParser.parse(reference, this);
  }

  /**
   * Resolves a reference of a page in an encoding other than UTF-8 (HTML standard, 2.4.1,
   * "encoding-parsing a URL"): like {@link #resolve(String)}, with the query encoded by {@code
   * queryEncoder}; null for UTF-8.
   */
  public @Nullable Url resolve(String reference, @Nullable QueryEncoder queryEncoder) {
    return UrlParser.parse(reference, this, queryEncoder);
  }

  /**
   * Why {@link #parse} returns null for this input, as a clause in plain English such as {@code it
   * has no host}; null if the input is a URL.
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

  /**
   * The URL without the dot of the DNS root at the end of its host (RFC 1034, 3.1); this URL if it
   * has none. Both spellings name one host, which a crawl must not take for two.
   */
  public Url withoutRootDot() {
    boolean spelled =
        hostEnd - hostStart > 1
            && href.charAt(hostEnd - 1) == '.'
            && href.charAt(hostEnd - 2) != '.';
    Url url = spelled ? parse(href.substring(0, hostEnd - 1) + href.substring(hostEnd)) : this;
    return url == null ? this : url;
  }

  /** The port; the scheme's default if the URL names none. */
  public int port() {
    return port;
  }

  /** Host, and port unless it is the scheme's default: the Host field's value (RFC 9110, 7.2). */
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

  /** Path, and {@code ?query} if there is one: the request target (RFC 9112, 3.2.1). */
  public String pathAndQuery() {
    return href.substring(pathStart);
  }

  /** Whether the URL carries a user name or password. */
  public boolean hasCredentials() {
    return href.charAt(hostStart - 1) == '@';
  }

  /** Whether the scheme is {@code https}. */
  public boolean isHttps() {
    return href.charAt(4) == 's';
  }

  int hostStart() {
    return hostStart;
  }

  int hostEnd() {
    return hostEnd;
  }

  /** The position of the path's first slash in {@link #href}. */
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
