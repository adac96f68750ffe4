package io.sluice.parser.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContentTypeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html | text/html | ",
        "TEXT/HTML;Charset=utf-8 | text/html | utf-8",
        "text/html; a=\";charset=no\" ; charset=\"koi8-r\" | text/html | koi8-r",
        "text/html;charset | text/html |",
        "text | '' |",
        "/html;charset=x | '' |",
      })
  void essenceAndCharsetAreRead(String value, String essence, String charset) {
    assertThat(ContentType.parse(value)).isEqualTo(new ContentType(essence, charset));
  }

  @Test
  void undeclaredBodyIsHtmlWhereItLooksLikeIt() {
    ContentType none = ContentType.parse(null);

    assertThat(none.isHtml(body("\n <!DOCTYPE HTML><p>"))).isTrue();
    assertThat(none.isHtml(body("<html>"))).isTrue();
    assertThat(none.isHtml(body("<!-- x -->"))).isTrue();
    assertThat(none.isHtml(body("<htmlx>"))).isFalse();
    assertThat(none.isHtml(body("plain <p>"))).isFalse();
    assertThat(none.isHtml(body(""))).isFalse();
  }

  @Test
  void declaredTypeIsBelieved() {
    assertThat(ContentType.parse("text/plain").isHtml(body("<html>"))).isFalse();
    assertThat(ContentType.parse("application/xhtml+xml").isHtml(body("plain"))).isTrue();
  }

  private static DecodedBody body(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new DecodedBody(bytes, bytes.length, false, null);
  }
}
