package io.sluice.parser.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.coding.DecodedBody;
import io.sluice.core.testing.Corpora;
import io.sluice.core.testing.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Fetch standard's "extract a MIME type", and sniffing if that finds no type. */
final class ContentTypeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html | text/html | ",
        "TEXT/HTML;Charset=utf-8 | text/html | utf-8",
        "text/html; a=\";charset=no\" ; charset=\"koi8-r\" | text/html | koi8-r",
        "text/html;charset | text/html |",
        "text/html;charset=;charset=big5 | text/html | big5",
        "text/html, charset=utf-8 | text/html |",
        "text/html, text/html; charset=windows-1251 | text/html | windows-1251",
        "text/html; charset=big5, text/html | text/html | big5",
        "text/plain; charset=big5, text/html | text/html |",
        "text/html charset=utf-8 | '' |",
        "text/html (utf-8) | '' |",
        "text | '' |",
        "/html;charset=x | '' |",
      })
  void essenceAndCharsetAreRead(String value, String essence, String charset) {
    assertThat(ContentType.of(List.of(value))).isEqualTo(new ContentType(essence, charset));
  }

  @Test
  void webPlatformFieldsAreExtracted() {
    int judged = 0;
    for (Map<String, @Nullable Object> row :
        Json.objects(Corpora.path("wpt-http/content-types.json"))) {
      List<String> fields =
          ((List<?>) Objects.requireNonNull(row.get("contentType")))
              .stream().map(String::valueOf).toList();
      ContentType type = ContentType.of(fields);
      assertThat(type.essence()).as("%s", row).isEqualTo(row.get("documentContentType"));
      Object encoding = row.get("encoding");
      if (encoding == null) {
        assertThat(type.charset()).as("%s", row).isNull();
      } else {
        assertThat(type.charset()).as("%s", row).isEqualToIgnoringCase(encoding.toString());
      }
      judged++;
    }
    assertThat(judged).isEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource({"mime-types.json, 74", "generated-mime-types.json, 881"})
  void webPlatformTypesAreParsed(String file, int count) {
    int judged = 0;
    for (Map<String, @Nullable Object> row : Json.objects(Corpora.path("wpt-http/" + file))) {
      ContentType type = MimeType.parse(String.valueOf(row.get("input")));
      if (row.get("output") instanceof String output) {
        assertThat(type).as("%s", row).isNotNull();
        assertThat(Objects.requireNonNull(type).essence())
            .as("%s", row)
            .isEqualTo(output.split(";", 2)[0]);
        assertThat(type.charset() != null).as("%s", row).isEqualTo(output.contains(";charset="));
      } else {
        assertThat(type).as("%s", row).isNull();
      }
      judged++;
    }
    assertThat(judged).isEqualTo(count);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        " \t <!DOCTYPE HTML><p>|text/html",
        "<html>|text/html",
        "<!-- x -->|text/html",
        "<?xml version='1.0'?><html/>|text/xml",
        "%PDF-1.7\u0001|application/pdf",
        "<htmlx>|text/plain",
        "plain <p>|text/plain",
        "\u0089PNG\u0001|application/octet-stream",
        "\ufeffx\u0001|text/plain",
      })
  void whatIsNotDeclaredIsSniffed(String text, String essence) {
    for (String field : List.of("rubbish", "unknown/unknown; charset=x", "text/html (comment)")) {
      ContentType declared = ContentType.of(List.of(field));
      assertThat(declared.orSniffed(body(text))).isEqualTo(new ContentType(essence, null));
    }
    assertThat(ContentType.of(List.of()).orSniffed(body(text)).essence()).isEqualTo(essence);
  }

  @Test
  void declaredTypeIsBelieved() {
    ContentType plain = ContentType.of(List.of("text/plain"));
    ContentType xhtml = ContentType.of(List.of("application/xhtml+xml"));

    assertThat(plain.orSniffed(body("<html>")).isHtml()).isFalse();
    assertThat(xhtml.orSniffed(body("plain")).isHtml()).isTrue();
    assertThat(ContentType.of(List.of()).orSniffed(body("")).essence()).isEmpty();
  }

  private static DecodedBody body(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new DecodedBody(bytes, bytes.length, false, null);
  }
}
