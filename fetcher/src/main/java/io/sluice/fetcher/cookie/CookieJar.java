package io.sluice.fetcher.cookie;

import io.sluice.core.url.Url;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cookies of one redirect chain, each for the hosts that it was set for (RFC 6265, 5.3 and
 * 5.4). Holds at most {@value #MAX_COOKIES} cookies and {@value #MAX_BYTES} bytes; the oldest
 * cookies are dropped first. Immutable.
 */
final class CookieJar {

  /** Maximum number of cookies. */
  static final int MAX_COOKIES = 50;

  /**
   * Maximum size of names, values, domains and paths, in bytes: many servers refuse longer fields.
   */
  static final int MAX_BYTES = 8192;

  /** Maximum number of Set-Cookie fields read from one response. */
  static final int MAX_FIELDS = 200;

  static final CookieJar EMPTY = new CookieJar(List.of());

  private static final int COOKIE_WEIGHT = 256;

  /** The cookies, oldest first. */
  private final List<Cookie> cookies;

  private CookieJar(List<Cookie> cookies) {
    this.cookies = List.copyOf(cookies);
  }

  boolean isEmpty() {
    return cookies.isEmpty();
  }

  /** Approximate memory use, in bytes; for small cookies most of it is object headers. */
  int weight() {
    return size(cookies) + COOKIE_WEIGHT * cookies.size();
  }

  private static int size(List<Cookie> cookies) {
    return cookies.stream().mapToInt(Cookie::size).sum();
  }

  /**
   * Returns the jar as it is after a response.
   *
   * @param fields the values of its Set-Cookie fields
   * @param from the URL that was requested
   */
  CookieJar with(List<String> fields, Url from, Instant now) {
    if (fields.isEmpty() && cookies.isEmpty()) {
      return this;
    }
    List<Cookie> kept = new ArrayList<>(cookies);
    for (String field : fields.subList(0, Math.min(fields.size(), MAX_FIELDS))) {
      Cookie cookie = SetCookie.read(field, from, now);
      if (cookie != null && (from.isHttps() || !hidesSecure(kept, cookie))) {
        put(kept, cookie, now);
      }
    }
    kept.removeIf(cookie -> !now.isBefore(cookie.expires()));
    while (kept.size() > MAX_COOKIES || size(kept) > MAX_BYTES) {
      kept.removeFirst();
    }
    return new CookieJar(kept);
  }

  /**
   * Whether a cookie that was set over http would hide a secure one, which is refused (RFC 6265bis,
   * 5.7).
   */
  private static boolean hidesSecure(List<Cookie> kept, Cookie cookie) {
    return kept.stream()
        .anyMatch(
            old ->
                old.secure()
                    && old.name().equals(cookie.name())
                    && (Cookie.domainMatches(old.domain(), cookie.domain())
                        || Cookie.domainMatches(cookie.domain(), old.domain()))
                    && Cookie.pathMatches(cookie.path(), old.path()));
  }

  private static void put(List<Cookie> kept, Cookie cookie, Instant now) {
    for (int i = 0; i < kept.size(); i++) {
      if (kept.get(i).isReplacedBy(cookie)) {
        kept.set(i, cookie); // keeps its position in the order of creation
        return;
      }
    }
    if (now.isBefore(cookie.expires())) {
      kept.add(cookie);
    }
  }

  /** A number that is equal for jars with equal cookies, regardless of when these expire. */
  int fingerprint() {
    return cookies.stream().mapToInt(Cookie::fingerprint).sum();
  }

  /**
   * The value of the Cookie field of a request: longer paths first, then older cookies.
   *
   * @return null if no cookie is sent to {@code url}
   */
  @Nullable String header(Url url, Instant now) {
    List<Cookie> sent = new ArrayList<>();
    for (Cookie cookie : cookies) {
      if (cookie.goesTo(url, now)) {
        sent.add(cookie);
      }
    }
    if (sent.isEmpty()) {
      return null;
    }
    sent.sort(Comparator.comparingInt((Cookie cookie) -> cookie.path().length()).reversed());
    StringBuilder header = new StringBuilder();
    for (Cookie cookie : sent) {
      header.append(header.isEmpty() ? "" : "; ");
      header.append(cookie.name()).append('=').append(cookie.value());
    }
    return header.toString();
  }
}
