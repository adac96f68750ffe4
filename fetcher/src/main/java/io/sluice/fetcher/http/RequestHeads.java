package io.sluice.fetcher.http;

import io.sluice.core.lease.Validators;
import io.sluice.core.url.Url;
import org.jspecify.annotations.Nullable;

/**
 * Writes the heads of GET requests that differ only in their URL (RFC 9112, 3). Immutable.
 *
 * <p>The text needs no escaping: a {@link Url} and {@link Validators} are printable ASCII by
 * construction, and cookies have no control characters.
 */
public final class RequestHeads {
  private static final String ACCEPT_PAGES =
      "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

  private final String fields;

  private RequestHeads(String fields) {
    this.fields = fields;
  }

  private RequestHeads(String userAgent, String accept, String acceptEncoding) {
    if (!userAgent.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
      throw new IllegalArgumentException("crawl.user-agent: must be printable ASCII");
    }
    this.fields =
        String.join(
            "\r\n",
            "User-Agent: " + userAgent,
            "Accept: " + accept,
            "Accept-Encoding: " + acceptEncoding,
            "Connection: keep-alive");
  }

  /**
   * Heads that request pages, in any content coding that the parsers can decode.
   *
   * @throws IllegalArgumentException if the user agent is not printable ASCII
   */
  public static RequestHeads forPages(String userAgent) {
    return new RequestHeads(userAgent, ACCEPT_PAGES, "gzip, deflate, br, zstd");
  }

  /**
   * Heads that request robots.txt files, without a content coding.
   *
   * @throws IllegalArgumentException if the user agent is not printable ASCII
   */
  public static RequestHeads forRobots(String userAgent) {
    return new RequestHeads(userAgent, "text/plain,*/*;q=0.8", "identity");
  }

  /**
   * Returns heads that make the request conditional (RFC 9110, 13.1), or this object if {@code
   * known} is empty.
   */
  public RequestHeads unless(Validators known) {
    if (known.isEmpty()) {
      return this;
    }
    String etag = known.etag() == null ? "" : "\r\nIf-None-Match: " + known.etag();
    String date =
        known.lastModified() == null ? "" : "\r\nIf-Modified-Since: " + known.lastModified();
    return new RequestHeads(fields + etag + date);
  }

  /**
   * Returns heads that also send cookies (RFC 6265, 5.4).
   *
   * @param cookies the Cookie field's value, each byte as the ISO 8859-1 character of the same
   *     number; null for none
   */
  public RequestHeads with(@Nullable String cookies) {
    return cookies == null ? this : new RequestHeads(fields + "\r\nCookie: " + cookies);
  }

  /** The request line and fields, with CRLF between them and none at the end. */
  String head(Url url) {
    return "GET " + url.pathAndQuery() + " HTTP/1.1\r\nHost: " + url.authority() + "\r\n" + fields;
  }
}
