package io.sluice.parser.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Validators;
import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.parser.decode.Damage;
import io.sluice.parser.sink.ParsedPage;
import io.sluice.parser.sink.TestPages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

final class PageParserTest {

  @Test
  void codedPageIsParsedAndItsDigestIsOfTheBodyAsReceived() throws IOException {
    byte[] coded = gzip("<meta charset=iso-8859-1><title>Gr\u00fc\u00dfe</title>");
    Page page =
        page(
            coded, new Header("content-type", "text/html"), new Header("Content-Encoding", "gzip"));

    ParsedPage parsed = TestPages.parse(page);

    assertThat(parsed.extract().title()).isEqualTo("Gr\u00fc\u00dfe");
    assertThat(parsed.encoding()).isNotNull();
    assertThat(parsed.sha256()).matches("sha256:[0-9a-f]{64}");
    assertThat(parsed.sha256()).isEqualTo(TestPages.parse(page(coded)).sha256());
    assertThat(parsed.reason()).isEqualTo("ok");
  }

  @Test
  void cutPageIsParsedAsFarAsItGoes() throws IOException {
    byte[] coded = gzip("<title>t</title><p>" + "text ".repeat(10_000));
    byte[] cut = Arrays.copyOf(coded, coded.length - 20);

    ParsedPage parsed =
        TestPages.parse(
            page(
                cut,
                new Header("Content-Type", "text/html"),
                new Header("Content-Encoding", "gzip")));

    assertThat(parsed.damage()).isEqualTo(Damage.TRUNCATED);
    assertThat(parsed.extract().title()).isEqualTo("t");
    assertThat(parsed.extract().text()).startsWith("text text");
  }

  @Test
  void pageThatMakesTheParserThrowIsAPageAllTheSame() throws IOException {
    Page page =
        page(
            gzip("<p>text"),
            new Header("Content-Type", "text/html"),
            new Header("Content-Encoding", "gzip"));
    PageParser broken = new PageParser(1000, TestPages.BOUNDS);
    broken.close();

    ParsedPage parsed = broken.parse(page);

    assertThat(parsed.reason()).isEqualTo("parse-failed");
    assertThat(parsed.extract().links()).isEmpty();
    assertThat(parsed.sha256()).startsWith("sha256:");
  }

  @Test
  void theSameContentIsTheSameVersionHoweverItIsCoded() throws IOException {
    Header etag = new Header("ETag", "\"v1\"");
    Header modified = new Header("Last-Modified", "Sat, 21 Nov 2026 10:00:00 GMT\u0000");
    try (PageParser parser = new PageParser(1 << 20, TestPages.BOUNDS, true)) {
      PageVersion plain = version(parser, page("text".getBytes(StandardCharsets.UTF_8), etag));
      PageVersion coded =
          version(parser, page(gzip("text"), new Header("Content-Encoding", "gzip"), modified));
      PageVersion other = version(parser, page("test".getBytes(StandardCharsets.UTF_8)));

      assertThat(coded.sameContent(plain)).isTrue();
      assertThat(other.sameContent(plain)).isFalse();
      assertThat(plain.validators()).isEqualTo(new Validators("\"v1\"", null));
      assertThat(coded.validators()).as("no date of any server").isEqualTo(Validators.NONE);
    }
  }

  @Test
  void whereNoPageIsVisitedAgainNoneHasAVersion() {
    assertThat(TestPages.parse(TestPages.html(1, "text")).version()).isNull();
  }

  private static PageVersion version(PageParser parser, Page page) {
    return Objects.requireNonNull(parser.parse(page).version());
  }

  private static Page page(byte[] body, Header... headers) {
    Page plain = TestPages.page(1, 200, "", List.of());
    List<Header> fields = List.of(headers);
    return new Page(
        plain.lease(),
        plain.url(),
        plain.via(),
        plain.redirects(),
        plain.depth(),
        plain.labels(),
        plain.attempt(),
        plain.protocol(),
        plain.status(),
        plain.statusText(),
        plain.requestHead(),
        fields,
        plain.ip(),
        plain.fetchedAt(),
        plain.fetchMillis(),
        false,
        Body.of(body));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    return coded.toByteArray();
  }
}
