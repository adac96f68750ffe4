package io.sluice.parser.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.url.QueryEncoder;
import io.sluice.core.url.Url;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QueryEncodingTest {

  @ParameterizedTest
  @CsvSource({
    "windows-1251, /s?q=привет, http://a.test/s?q=%EF%F0%E8%E2%E5%F2",
    "windows-1251, /путь?a=1, http://a.test/%D0%BF%D1%83%D1%82%D1%8C?a=1",
    "windows-1251, /s?q=мир☃, http://a.test/s?q=%EC%E8%F0%26%239731%3B",
    "Shift_JIS, ?\u30BD\uFF71, http://a.test/?%83\\%B1",
    "EUC-JP, ?①ｱ−, http://a.test/?%AD%A1%8E%B1%A1%DD",
    "ISO-2022-JP, ?a\u3042b, http://a.test/?a%1B$B$%22%1B(Bb",
    "ISO-2022-JP, ?¥☃, http://a.test/?%1B(J\\%26%239731%3B%1B(B",
    "GBK, ?€\uD83D\uDE00, http://a.test/?%80%26%23128512%3B",
    "gb18030, ?€\uD83D\uDE00, http://a.test/?%A2%E3%949%FC6",
    "Big5, ?\u4E00\u2550, http://a.test/?%A4@%F9%F9",
    "EUC-KR, ?\uAC00, http://a.test/?%B0%A1",
    "UTF-16LE, ?é, http://a.test/?%C3%A9",
    "UTF-8, ?é, http://a.test/?%C3%A9"
  })
  void queryIsInThePagesEncodingAndThePathInUtf8(String label, String reference, String href) {
    Encoding encoding = Objects.requireNonNull(Encoding.ofLabel(label));
    Url page = Objects.requireNonNull(Url.parse("http://a.test/"));

    assertThat(page.resolve(reference, encoding.queryEncoder()))
        .extracting(Url::href)
        .isEqualTo(href);
  }

  @Test
  void encoderServesOneQueryAfterAnother() {
    QueryEncoder encoder =
        Objects.requireNonNull(
            Objects.requireNonNull(Encoding.ofLabel("iso-2022-jp")).queryEncoder());
    Url page = Objects.requireNonNull(Url.parse("http://a.test/"));

    assertThat(page.resolve("?\u3042", encoder)).isEqualTo(page.resolve("?\u3042", encoder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gb18030",
        "GBK",
        "Big5",
        "EUC-JP",
        "ISO-2022-JP",
        "Shift_JIS",
        "EUC-KR",
        "windows-1252",
        "KOI8-U",
        "ISO-8859-8-I",
        "x-user-defined"
      })
  void whatIsEncodedIsDecodedAgain(String label) {
    Encoding encoding = Objects.requireNonNull(Encoding.ofLabel(label));
    QueryEncoder encoder = Objects.requireNonNull(encoding.queryEncoder());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      bytes.reset();
      boolean surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
      if (surrogate || encoder.encode(codePoint, bytes) != QueryEncoder.ENCODED) {
        encoder.end(bytes);
        continue;
      }
      encoder.end(bytes);
      String decoded = encoding.decode(bytes.toByteArray(), 0, bytes.size());
      if (!isAsymmetric(label, codePoint)) {
        assertThat(decoded).isEqualTo(Character.toString(codePoint));
      }
    }
  }

  /** Whether the standard encodes a character such that it decodes to another one. */
  private static boolean isAsymmetric(String label, int codePoint) {
    return switch (label) {
      case "gb18030", "GBK" -> codePoint >= 0xE78D && codePoint <= 0xE864;
      case "EUC-JP", "Shift_JIS" -> codePoint == 0xA5 || codePoint == 0x203E || codePoint == 0x2212;
      case "ISO-2022-JP" -> codePoint == 0x2212 || (codePoint >= 0xFF61 && codePoint <= 0xFF9F);
      default -> false;
    };
  }
}
