package io.sluice.core.url;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterStripperTest {

  private final ParameterStripper stripper =
      new ParameterStripper(
          Stream.of("jsessionid", "phpsessid", "aspsessionid*", "utm_*", "sid:32")
              .map(text -> Objects.requireNonNull(ParameterPattern.parse(text), text))
              .toList());

  @ParameterizedTest
  @CsvSource({
    "/a;jsessionid=0A1B2C, /a",
    "/a;JSESSIONID=0A1B2C.node1?b=c, /a?b=c",
    "/a;jsessionid=1/b;v=2;jsessionid=3/c, /a/b;v=2/c",
    "/a;jsessionid, /a",
    "/a/..;jsessionid=1, /",
    "/?PHPSESSID=abc, /",
    "/?PHPSESSID=abc&a=1, /?a=1",
    "/?a=1&phpsessid=abc, /?a=1",
    "/?a=1&phpsessid=abc&b=2, /?a=1&b=2",
    "/?utm_source=x&utm_medium=y, /",
    "/?utm_source=x&utm_medium=y&a, /?a",
    "/?utm_source=x&&a, /?&a",
    "/?ASPSESSIONIDQQABCDEF=GHI&a=1, /?a=1",
    "/?sid=0123456789abcdef0123456789abcdef, /",
    "/b;jsessionid=1?jsessionid=2&a=1, /b?a=1",
  })
  void parametersThatNameNoPageAreTakenOut(String path, String rest) {
    assertThat(stripper.strip(url(path))).isEqualTo(url(rest));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a;v=1",
        "/a;b/jsessionid=1",
        "/jsessionid=1",
        "/a?",
        "/a?b=jsessionid=1",
        "/a?xphpsessid=1",
        "/a?phpsessid2=1",
        "/a?utm=1",
        "/a?sid=17",
        "/a?sid=08/11/21/1142",
        "/a?&&",
        "/a?b=c;jsessionid=1",
      })
  void whatMayNamePagesStays(String path) {
    Url url = url(path);
    assertThat(stripper.strip(url)).isSameAs(url);
  }

  @Test
  void anEmptyListTurnsItOff() {
    Url url = url("/a;jsessionid=1?phpsessid=2");
    assertThat(new ParameterStripper(List.of()).strip(url)).isSameAs(url);
  }

  @Test
  void theRestKeepsItsCredentialsAndPort() {
    Url url = Objects.requireNonNull(Url.parse("https://u:p@a.test:8443/x?phpsessid=1&y"));
    assertThat(stripper.strip(url).href()).isEqualTo("https://u:p@a.test:8443/x?y");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sid", "utm_*", "sid:32", "aspsessionid*:8", "a[b]"})
  void aPatternIsReadAsItIsWritten(String text) {
    assertThat(ParameterPattern.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "a b", "a=b", "a*b", "sid:", "sid:x", "sid:-1", "sid:12345"})
  void whatIsNoPatternIsRefused(String text) {
    assertThat(ParameterPattern.parse(text)).isNull();
  }

  private static Url url(String path) {
    return Objects.requireNonNull(Url.parse("http://a.test" + path), path);
  }
}
