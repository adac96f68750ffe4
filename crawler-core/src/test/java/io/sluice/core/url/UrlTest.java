package io.sluice.core.url;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTest {

  private final Url base = url("https://user:pw@example.org:8443/a/b/c.html?q=1");

  @Test
  void partsAreCutOutOfTheSerialization() {
    assertThat(base.scheme()).isEqualTo("https");
    assertThat(base.host()).isEqualTo("example.org");
    assertThat(base.port()).isEqualTo(8443);
    assertThat(base.authority()).isEqualTo("example.org:8443");
    assertThat(base.origin()).isEqualTo("https://example.org:8443");
    assertThat(base.path()).isEqualTo("/a/b/c.html");
    assertThat(base.pathAndQuery()).isEqualTo("/a/b/c.html?q=1");
    assertThat(base.hasCredentials()).isTrue();
  }

  @Test
  void partsOfAShortUrlHaveTheirDefaults() {
    Url url = url("HTTP://EXAMPLE.org:080");

    assertThat(url.href()).isEqualTo("http://example.org/");
    assertThat(url.port()).isEqualTo(80);
    assertThat(url.origin()).isEqualTo("http://example.org");
    assertThat(url.pathAndQuery()).isEqualTo("/");
    assertThat(url.hasCredentials()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.test./x,      http://a.test/x",
    "http://A.Test.:8080/x, http://a.test:8080/x",
    "http://u:p@a.test./,   http://u:p@a.test/",
    "http://a.test/x./,     http://a.test/x./",
    "http://192.0.2.1./,    http://192.0.2.1/",
    "http://a.test../,      http://a.test../",
    "http://./,             http://./",
  })
  void theDotOfTheRootMakesNoOtherHost(String spelled, String expected) {
    assertThat(url(spelled).withoutRootDot().href()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "d.html,            https://user:pw@example.org:8443/a/b/d.html",
    "./d.html,          https://user:pw@example.org:8443/a/b/d.html",
    "../d.html,         https://user:pw@example.org:8443/a/d.html",
    "../../../../d,     https://user:pw@example.org:8443/d",
    ".%2E/%2e/d,        https://user:pw@example.org:8443/a/d",
    "..,                https://user:pw@example.org:8443/a/",
    ".,                 https://user:pw@example.org:8443/a/b/",
    "...,               https://user:pw@example.org:8443/a/b/...",
    "/d,                https://user:pw@example.org:8443/d",
    "\\d\\..\\e,        https://user:pw@example.org:8443/e",
    "?r=2&amp;s=3,      https://user:pw@example.org:8443/a/b/c.html?r=2&amp;s=3",
    "?,                 https://user:pw@example.org:8443/a/b/c.html?",
    "https:d,           https://user:pw@example.org:8443/a/b/d",
    "//other.test/d,    https://other.test/d",
    "\\\\other.test\\d, https://other.test/d",
    "http:d,            http://d/",
    "http://x.test/a b, http://x.test/a%20b",
    "é?é',              https://user:pw@example.org:8443/a/b/%C3%A9?%C3%A9%27",
    "a:b,               ",
    "mailto:a@b.test,   ",
    "//,                ",
  })
  void referencesAreResolved(String reference, String expected) {
    Url resolved = base.resolve(reference);

    assertThat(resolved == null ? null : resolved.href()).isEqualTo(expected);
  }

  @Test
  void aReferenceToAFragmentIsTheBaseItself() {
    assertThat(base.resolve("#top")).isSameAs(base);
    assertThat(base.resolve(" \n")).isSameAs(base);
  }

  @Test
  void partsOfAResolvedUrlAreThoseOfItsSerialization() {
    Url resolved = requireNonNull(base.resolve("/x?y"));

    assertThat(resolved.authority()).isEqualTo("example.org:8443");
    assertThat(resolved.path()).isEqualTo("/x");
    assertThat(resolved.pathAndQuery()).isEqualTo("/x?y");
    assertThat(resolved.port()).isEqualTo(8443);
  }

  @Test
  void tabsAndLineBreaksAreLeftOutAndSpacesAroundCut() {
    assertThat(url(" \u0000ht\ttp://exa\r\nmple.org/a\nb \t").href())
        .isEqualTo("http://example.org/ab");
  }

  @Test
  void aLoneSurrogateIsEncodedAsTheReplacementCharacter() {
    assertThat(url("http://example.org/\ud800x").href()).isEqualTo("http://example.org/%EF%BF%BDx");
  }

  @Test
  void emptyCredentialsAreNone() {
    assertThat(url("http://:@example.org").href()).isEqualTo("http://example.org/");
    assertThat(url("http://a@b:c@example.org").href()).isEqualTo("http://a%40b:c@example.org/");
    assertThat(url("http://:p@example.org").href()).isEqualTo("http://:p@example.org/");
  }

  @Test
  void urlsAreEqualWhenTheirSerializationsAre() {
    assertThat(url("HTTP://example.org:80/a/../b#x")).isEqualTo(url("http://example.org/b"));
    assertThat(url("http://example.org/b")).hasSameHashCodeAs(url("http://example.org/b#y"));
    assertThat(url("http://example.org/b")).isNotEqualTo(url("http://example.org/b?"));
  }

  @Test
  void whatIsTooLongIsNoUrl() {
    String start = "http://example.org/";
    int room = Url.MAX_LENGTH - start.length();

    assertThat(url(start + "a".repeat(room)).href()).hasSize(Url.MAX_LENGTH);
    assertThat(Url.parse(start + "a".repeat(room + 1))).isNull();
    assertThat(Url.parse(start + "é".repeat(room / 2))).isNull();
    assertThat(base.resolve("a".repeat(Url.MAX_LENGTH))).isNull();
  }

  @Test
  void anInternationalNameTooLongToConvertIsNoUrl() {
    assertThat(Url.parse("http://" + "é".repeat(900) + ".test/")).isNotNull();
    assertThat(Url.parse("http://" + "é".repeat(1_200) + ".test/")).isNull();
    // This character maps to eighteen, so that the label outgrows the converter.
    assertThat(Url.parse("http://" + "\ufdfa".repeat(900) + ".test/")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "'',                     it is empty",
    "' \t',                  it is empty",
    "example.org,            it does not begin with http:// or https://",
    "ftp://example.org/,     its scheme is not http or https",
    "example.org:80/a,       its scheme is not http or https",
    "http://,                it has no host",
    "http://user@/,          it has no host",
    "http://:80/,            it has no host",
    "http://%C2%AD/,         it has no host",
    "http://a b/,            its host has a character that is not allowed in a host",
    "http://a%2fb/,          its host has a character that is not allowed in a host",
    "http://a.test:70000/,   its port is not a number from 0 to 65535",
    "http://a.test:8o/,      its port is not a number from 0 to 65535",
    "http://1.2.3.400/,      its host ends in a number but is not an IPv4 address",
    "http://[::1/,           the text in brackets is not an IPv6 address",
    "http://\u05d0a.test/,   its host is not a valid internationalized domain name",
  })
  void aStringThatIsNoUrlIsExplained(String input, String reason) {
    assertThat(Url.parse(input)).isNull();
    assertThat(Url.explain(input)).isEqualTo(reason);
  }

  @Test
  void lengthIsExplainedToo() {
    assertThat(Url.explain("h".repeat(Url.MAX_LENGTH + 1)))
        .isEqualTo("it is longer than 65536 characters");
    assertThat(Url.explain("http://example.org/" + "é".repeat(Url.MAX_LENGTH / 3)))
        .isEqualTo("it is longer than 65536 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://example.org", "https:example.org/#x", "http://[::1]:1/"})
  void aUrlNeedsNoExplanation(String input) {
    assertThat(Url.explain(input)).isNull();
  }

  private static Url url(String input) {
    return requireNonNull(Url.parse(input), input);
  }
}
