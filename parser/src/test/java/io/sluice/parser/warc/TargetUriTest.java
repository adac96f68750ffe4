package io.sluice.parser.warc;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.url.Url;
import java.net.URI;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetUriTest {

  @ParameterizedTest
  @CsvSource({
    "http://a.test/x?y=1&z='(*)', http://a.test/x?y=1&z=%27(*)%27",
    "'http://a.test/a[1]|b?c={d}^`\\', http://a.test/a%5B1%5D%7Cb?c=%7Bd%7D%5E%60%5C",
    "http://a.test/100%?50%2, http://a.test/100%25?50%252",
    "'http://[::1]:81/%5b', 'http://[::1]:81/%5b'"
  })
  void whatUrlsMayHaveAndUrisMayNotIsPercentEncoded(String url, String uri) {
    String href = Objects.requireNonNull(Url.parse(url)).href();

    assertThat(TargetUri.of(href)).isEqualTo(uri);
    assertThat(URI.create(TargetUri.of(href)).isAbsolute()).isTrue();
  }

  @Test
  void everyAsciiCharacterMakesAUri() {
    for (char c = ' '; c < 128; c++) {
      Url url = Objects.requireNonNull(Url.parse("http://a.test/" + c + "a?" + c + "b"));
      assertThat(URI.create(TargetUri.of(url.href()))).hasHost("a.test");
    }
  }
}
