package io.sluice.parser.decode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each content type falls into one of a few classes. */
class TypeClassTest {

  @ParameterizedTest
  @CsvSource({
    "text/html, HTML",
    "application/xhtml+xml, HTML",
    "application/rss+xml, XML",
    "text/xml, XML",
    "application/ld+json, JSON",
    "application/json, JSON",
    "text/plain, TEXT",
    "text/csv, TEXT",
    "application/pdf, PDF",
    "image/svg+xml, IMAGE",
    "audio/mpeg, AUDIO",
    "video/mp4, VIDEO",
    "font/woff2, FONT",
    "application/zip, OTHER",
    "nonsense, OTHER",
    "'', UNKNOWN"
  })
  void ofAType(String essence, TypeClass expected) {
    assertThat(TypeClass.of(essence)).isEqualTo(expected);
  }
}
