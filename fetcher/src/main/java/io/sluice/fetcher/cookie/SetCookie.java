package io.sluice.fetcher.cookie;

import io.netty.handler.codec.DateFormatter;
import io.sluice.core.url.Domains;
import io.sluice.core.url.FieldUrl;
import io.sluice.core.url.Url;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Set-Cookie field (RFC 6265, 5.2 and 5.3) and refuses the cookies that browsers refuse:
 * cookies for another site or for a public suffix, {@code Secure} cookies received over http, those
 * with a false {@code __Secure-} or {@code __Host-} prefix (RFC 6265bis, 5.7), and those with
 * control characters, which could end the Cookie field and start another.
 *
 * <p>Confined to the call that reads a field.
 */
final class SetCookie {

  /** Maximum length of name and value together, in bytes (RFC 6265bis). */
  static final int MAX_BYTES = 4096;

  /** Maximum length of an attribute's value, in bytes; longer attributes are ignored. */
  private static final int MAX_ATTRIBUTE_BYTES = 1024;

  /** Maximum lifetime of a cookie (RFC 6265bis, 5.5). */
  private static final Duration MAX_AGE = Duration.ofDays(400);

  private final Url from;
  private final Instant now;
  private @Nullable String domain;
  private @Nullable String path;
  private @Nullable Instant maxAge;
  private @Nullable Instant expires;
  private boolean secure;

  private SetCookie(Url from, Instant now) {
    this.from = from;
    this.now = now;
  }

  /**
   * The cookie that a field sets; a cookie that has {@linkplain Cookie#expires expired} deletes
   * one.
   *
   * @param field the field's value, each byte as the ISO 8859-1 character of the same number
   * @param from the URL whose response contained the field
   * @return null if the field sets no cookie, or one that is refused
   */
  static @Nullable Cookie read(String field, Url from, Instant now) {
    return new SetCookie(from, now).read(field);
  }

  private @Nullable Cookie read(String field) {
    if (field.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F)) {
      return null;
    }
    int end = end(field, 0);
    int equals = field.indexOf('=');
    if (equals < 0 || equals >= end) {
      return null;
    }
    String name = field.substring(0, equals).strip();
    String value = field.substring(equals + 1, end).strip();
    if (name.isEmpty() || name.length() + value.length() > MAX_BYTES) {
      return null;
    }
    for (int at = end; at < field.length(); ) {
      int next = end(field, at + 1);
      attribute(field.substring(at + 1, next));
      at = next;
    }
    return cookie(name, value);
  }

  private static int end(String field, int from) {
    int semicolon = field.indexOf(';', from);
    return semicolon < 0 ? field.length() : semicolon;
  }

  private void attribute(String text) {
    int equals = text.indexOf('=');
    String name = (equals < 0 ? text : text.substring(0, equals)).strip();
    String value = equals < 0 ? "" : text.substring(equals + 1).strip();
    if (value.length() > MAX_ATTRIBUTE_BYTES) {
      return;
    }
    switch (name.toLowerCase(Locale.ROOT)) {
      case "expires" -> {
        Date date = DateFormatter.parseHttpDate(value);
        expires = date == null ? expires : date.toInstant();
      }
      case "max-age" -> maxAge = value.matches("-?[0-9]+") ? after(value) : maxAge;
      case "domain" -> domain = value.isEmpty() ? domain : value;
      case "path" -> path = value;
      case "secure" -> secure = true;
      default -> {} // HttpOnly and SameSite mean nothing to a crawler
    }
  }

  private Instant after(String seconds) {
    if (seconds.startsWith("-")) {
      return Instant.MIN;
    }
    long age = seconds.length() > 9 ? MAX_AGE.toSeconds() : Long.parseLong(seconds);
    return age == 0 ? Instant.MIN : now.plusSeconds(Math.min(age, MAX_AGE.toSeconds()));
  }

  private @Nullable Cookie cookie(String name, String value) {
    String host = from.host();
    String site = domain == null ? host : canonical(domain);
    if (site == null || !Cookie.domainMatches(host, site) || (secure && !from.isHttps())) {
      return null;
    }
    boolean hostOnly = domain == null;
    if (!hostOnly && Domains.isPublicSuffix(site)) {
      if (!site.equals(host)) {
        return null;
      }
      hostOnly = true;
    }
    String under = path != null && path.startsWith("/") ? path : defaultPath(from.path());
    Instant until = maxAge != null ? maxAge : expires != null ? expires : Instant.MAX;
    Cookie cookie = new Cookie(name, value, site, hostOnly, under, secure, until);
    return keepsItsPrefix(cookie, domain == null) ? cookie : null;
  }

  /**
   * A host name in the form that URLs use, without its leading dot; null if the text is not one.
   */
  private static @Nullable String canonical(String domain) {
    String name = FieldUrl.text(domain.startsWith(".") ? domain.substring(1) : domain);
    Url url = Url.parse("http://" + name);
    if (url == null || name.lastIndexOf(':') > name.lastIndexOf(']')) {
      return null;
    }
    return url.href().equals("http://" + url.host() + "/") ? url.host() : null;
  }

  /** The directory of the path whose response set the cookie (RFC 6265, 5.1.4). */
  private static String defaultPath(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  private static boolean keepsItsPrefix(Cookie cookie, boolean namesNoDomain) {
    String name = cookie.name().toLowerCase(Locale.ROOT);
    if (name.startsWith("__host-")) {
      return cookie.secure() && namesNoDomain && cookie.path().equals("/");
    }
    return cookie.secure() || !name.startsWith("__secure-");
  }
}
