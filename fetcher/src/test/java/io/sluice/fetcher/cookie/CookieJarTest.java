package io.sluice.fetcher.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.url.Url;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6265, section by section, or RFC 6265bis where browsers follow that instead. */
final class CookieJarTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private static Url url(String text) {
    return Objects.requireNonNull(Url.parse(text));
  }

  private static CookieJar jar(String from, String... fields) {
    return CookieJar.EMPTY.with(List.of(fields), url(from), NOW);
  }

  /**
   * The Cookie field sent to a URL after a response from another URL had the given Set-Cookie
   * fields.
   */
  private static @Nullable String sent(String from, String to, String... fields) {
    return jar(from, fields).header(url(to), NOW);
  }

  private static @Nullable String sentBack(String... fields) {
    return sent("http://a.test/", "http://a.test/", fields);
  }

  // 5.2, the Set-Cookie field.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seen=1; path=/ | seen=1",
        "'  a = b  ; Path = / ' | a=b",
        "a=b=c | a=b=c",
        "a=\"q\" | a=\"q\"",
        "a= | a=",
        "a=b,c=d | a=b,c=d",
        "a=b;;; HttpOnly; SameSite=Strict; Unknown=x | a=b",
        "a=\u00c3\u00a9 | a=\u00c3\u00a9",
        "a\tb=c\td | a\tb=c\td",
        "a=b; Max-Age=soon; Expires=whenever | a=b",
        "a=b; Max-Age=0; Max-Age=5 | a=b",
        "a=b; Path=no-slash | a=b",
        "a=b; Domain= | a=b",
      })
  void aFieldIsReadAsBrowsersReadIt(String field, String sent) {
    assertThat(sentBack(field)).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "=b", ";a=b", "a; b=c", " = "})
  void aFieldWithoutANameSetsNothing(String field) {
    assertThat(sentBack(field)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a=b\r\nX: y", "a=b\nX: y", "a=b\rc", "a=\0b", "a\u007f=b", "a=b; Path=/\1"})
  void aControlCharacterCouldEndTheRequestsFieldAndIsRefused(String field) {
    assertThat(sentBack(field)).isNull();
  }

  @Test
  void aCookieHas4096BytesAtMost() {
    String most = "x".repeat(SetCookie.MAX_BYTES - 1);
    assertThat(sentBack("a=" + most)).isEqualTo("a=" + most);
    assertThat(sentBack("a=" + most + "x")).isNull();
  }

  // 5.3 and 5.1.3, domains.

  @ParameterizedTest
  @CsvSource({
    "http://www.a.co.uk/, a=1, http://www.a.co.uk/, true",
    "http://www.a.co.uk/, a=1, http://a.co.uk/, false", // host only
    "http://www.a.co.uk/, a=1, http://x.www.a.co.uk/, false",
    "http://www.a.co.uk/, a=1; Domain=a.co.uk, http://a.co.uk/, true",
    "http://www.a.co.uk/, a=1; Domain=.A.co.UK, http://other.a.co.uk/, true",
    "http://a.co.uk/, a=1; Domain=a.co.uk, http://www.a.co.uk/, true",
    "http://a.co.uk/, a=1; Domain=a.co.uk, http://nota.co.uk/, false",
    "http://a.co.uk/, a=1; Domain=b.co.uk, http://b.co.uk/, false",
    "http://a.co.uk/, a=1; Domain=www.a.co.uk, http://www.a.co.uk/, false",
    "http://a.co.uk/, a=1; Domain=co.uk, http://b.co.uk/, false",
    "http://a.co.uk/, a=1; Domain=co.uk, http://a.co.uk/, false",
    "http://a.github.io/, a=1; Domain=github.io, http://b.github.io/, false",
    "http://github.io/, a=1; Domain=github.io, http://github.io/, true",
    "http://github.io/, a=1; Domain=github.io, http://b.github.io/, false",
    "http://localhost/, a=1; Domain=localhost, http://localhost/, true",
    "http://www.a.test/, a=1; Domain=test, http://b.test/, false",
    "http://127.0.0.1/, a=1; Domain=127.0.0.1, http://127.0.0.1/, true",
    "http://127.0.0.1/, a=1; Domain=0.0.1, http://127.0.0.1/, false",
    "http://[::1]/, a=1; Domain=[::1], http://[::1]/, true",
    "http://www.xn--4cab6c.se/, a=1; Domain=\u00c3\u00a5\u00c3\u00a4\u00c3\u00b6.se,"
        + " http://xn--4cab6c.se/, true",
    "http://a.co.uk/, a=1; Domain=a.co.uk:80, http://a.co.uk/, false",
    "http://a.co.uk/, a=1; Domain=u@a.co.uk, http://a.co.uk/, false",
    "http://a.co.uk:8080/, a=1, http://a.co.uk:81/, true", // cookies ignore ports
  })
  void aCookieStaysWithItsSite(String from, String field, String to, boolean goes) {
    assertThat(sent(from, to, field)).isEqualTo(goes ? "a=1" : null);
  }

  // 5.1.4, paths.

  @ParameterizedTest
  @CsvSource({
    "/, , /x, true",
    "/shop/cart, , /shop/list, true",
    "/shop/cart, , /shop, true",
    "/shop/cart, , /shopping, false",
    "/shop/cart, , /, false",
    "/shop/, , /shop/x, true",
    "/x, /session, /session, true",
    "/x, /session, /session/y?q, true",
    "/x, /session, /sessions, false",
    "/x, /session/, /session, false",
    "/x, /, /anything, true",
    "/a/b, relative, /a/c, true"
  })
  void aCookieGoesToItsPathAndBelow(String from, @Nullable String path, String to, boolean goes) {
    String field = path == null ? "a=1" : "a=1; Path=" + path;
    assertThat(sent("http://a.test" + from, "http://a.test" + to, field))
        .isEqualTo(goes ? "a=1" : null);
  }

  // 5.4, Secure, and the prefixes of RFC 6265bis.

  @ParameterizedTest
  @CsvSource({
    "https://a.test/, a=1; Secure, https://a.test/, true",
    "https://a.test/, a=1; Secure, http://a.test/, false",
    "https://a.test/, a=1, http://a.test/, true",
    "http://a.test/, a=1, https://a.test/, true",
    "http://a.test/, a=1; Secure, https://a.test/, false",
    "https://a.test/, __Secure-a=1; Secure, https://a.test/, true",
    "https://a.test/, __Secure-a=1, https://a.test/, false",
    "https://a.test/, __Host-a=1; Secure; Path=/, https://a.test/, true",
    "https://a.test/x/y, __Host-a=1; Secure, https://a.test/x/y, false",
    "https://a.test/, __Host-a=1; Secure; Path=/; Domain=a.test, https://a.test/, false",
    "https://a.test/, __HOST-a=1; Path=/, https://a.test/, false"
  })
  void secureCookiesComeAndGoOverHttpsOnly(String from, String field, String to, boolean goes) {
    assertThat(sent(from, to, field) != null).isEqualTo(goes);
  }

  @Test
  void aCookieOverHttpDoesNotTakeASecureOnesPlace() {
    CookieJar jar = jar("https://a.test/", "a=1; Secure");
    assertThat(
            jar.with(List.of("a=2"), url("http://a.test/"), NOW)
                .header(url("https://a.test/"), NOW))
        .isEqualTo("a=1");
  }

  // 5.3, what replaces and what deletes.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=; Max-Age=0",
        "a=; max-age=-1",
        "a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "a=x; Expires=Sat, 21-Nov-26 11:59:59 GMT",
        "a=x; Expires=Sat, 21 Nov 2026 13:00:00 GMT; Max-Age=0"
      })
  void whatHasExpiredDeletes(String field) {
    assertThat(sentBack("a=1", "b=2", field)).isEqualTo("b=2");
    assertThat(sentBack("a=1; Path=/elsewhere", "a=2", field)).isNull();
  }

  @Test
  void aCookieLastsAsLongAsItSays() {
    Url url = url("http://a.test/");
    CookieJar jar =
        jar(
            "http://a.test/",
            "a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "b=2; Expires=Sat, 21 Nov 2026 12:02:00 GMT",
            "c=3; Max-Age=99999999999999999999");
    assertThat(jar.header(url, NOW.plusSeconds(59))).isEqualTo("a=1; b=2; c=3");
    assertThat(jar.header(url, NOW.plusSeconds(60))).isEqualTo("b=2; c=3");
    assertThat(jar.header(url, NOW.plusSeconds(120))).isEqualTo("c=3");
    assertThat(jar.header(url, NOW.plusSeconds(401L * 24 * 3600))).isNull();
  }

  @Test
  void aNewValueTakesTheOldOnesPlace() {
    assertThat(sentBack("a=1", "b=2", "a=3")).isEqualTo("a=3; b=2");
  }

  @Test
  void longerPathsGoFirstAndThenOlderCookies() {
    assertThat(
            sent(
                "http://a.test/x/y/z",
                "http://a.test/x/y/z",
                "a=1; Path=/",
                "b=2; Path=/x/y",
                "c=3; Path=/x",
                "d=4; Path=/x/y"))
        .isEqualTo("b=2; d=4; c=3; a=1");
  }

  // 6.1, bounds.

  @Test
  void theOldestOfTooManyCookiesGo() {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      fields.add("c" + i + "=" + i);
    }
    String sent = sentBack(fields.toArray(new String[0]));
    assertThat(Objects.requireNonNull(sent).split("; ")).hasSize(CookieJar.MAX_COOKIES);
    assertThat(sent).startsWith("c10=10; ").endsWith("c59=59");
  }

  @Test
  void aJarHas8192BytesAtMost() {
    String big = "x".repeat(4000);
    CookieJar jar = jar("http://a.test/", "a=" + big, "b=" + big, "c=" + big);
    int objects = 256 * CookieJar.MAX_COOKIES;
    assertThat(jar.weight()).isLessThanOrEqualTo(CookieJar.MAX_BYTES + objects);
    assertThat(jar.header(url("http://a.test/"), NOW)).isEqualTo("b=" + big + "; c=" + big);
  }

  @Test
  void noMoreThan200FieldsOfAResponseAreRead() {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < CookieJar.MAX_FIELDS; i++) {
      fields.add("same=" + i);
    }
    fields.add("same=last");
    assertThat(sentBack(fields.toArray(new String[0]))).isEqualTo("same=199");
  }
}
