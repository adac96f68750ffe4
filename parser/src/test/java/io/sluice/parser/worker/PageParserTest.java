package io.sluice.parser.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.coding.Damage;
import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Validators;
import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.parser.addition.AdditionReader;
import io.sluice.parser.extract.ExtractBounds;
import io.sluice.parser.extract.RobotsPolicy;
import io.sluice.parser.extract.Wanted;
import io.sluice.parser.sink.ParsedPage;
import io.sluice.parser.sink.TestPages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
    assertThat(parsed.reason()).isEqualTo(Reason.OK);
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

    assertThat(parsed.reason()).isEqualTo(Reason.PARSE_FAILED);
    assertThat(parsed.extract().links()).isEmpty();
    assertThat(parsed.sha256()).startsWith("sha256:");
  }

  @Test
  void theSameContentIsTheSameVersionHoweverItIsCoded() throws IOException {
    Header etag = new Header("ETag", "\"v1\"");
    Header modified = new Header("Last-Modified", "Sat, 21 Nov 2026 10:00:00 GMT\u0000");
    try (PageParser parser =
        new PageParser(1 << 20, TestPages.BOUNDS, AdditionReader.none(), true, () -> {})) {
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

  @Test
  void aPageThatIsNotToBeIndexedKeepsItsLinksAlone() {
    String html =
        "<title>t</title><meta name=robots content=noindex><meta name=description content=d>"
            + "<link rel=next href=n><p>text <a href=x>x</a>";

    ParsedPage hidden = parse(new RobotsPolicy(false, true, false, false), html);
    assertThat(hidden.extract().title()).isNull();
    assertThat(hidden.extract().text()).isEmpty();
    assertThat(hidden.extract().details().meta()).isEmpty();
    assertThat(hidden.extract().details().html()).isNull();
    assertThat(hidden.extract().details().alternates().next()).isEqualTo("http://a.test/n");
    assertThat(hidden.extract().links()).hasSize(2).allMatch(link -> link.text() == null);
    assertThat(hidden.extract().robots()).containsExactly("noindex");
    assertThat(hidden.archivable()).isTrue();

    ParsedPage shown = parse(RobotsPolicy.NONE, html);
    assertThat(shown.extract().text()).isEqualTo("text x");
    assertThat(shown.extract().details().meta()).containsEntry("description", "d");
  }

  @Test
  void aPageThatIsNotToBeArchivedIsKeptAsTextAndNotAsItWasSent() {
    String html = "<meta name=sluice content=NoArchive><p>text";

    ParsedPage page = parse(new RobotsPolicy(false, false, true, false), html);
    assertThat(page.archivable()).isFalse();
    assertThat(page.extract().text()).isEqualTo("text");
    assertThat(page.extract().details().html()).isNull();
    ParsedPage kept = parse(RobotsPolicy.NONE, html);
    assertThat(kept.archivable()).isTrue();
    assertThat(kept.extract().details().html()).isEqualTo(html);
  }

  @Test
  void aPageThatCannotBeParsedIsKeptFromTheArchiveByItsFields() throws IOException {
    RobotsPolicy policy = new RobotsPolicy(false, false, true, false);
    ExtractBounds bounds =
        new ExtractBounds(
            1000, 100, 2_000, 64 << 20, Set.of("a"), "sluice", true, 10, policy, Wanted.ALL);
    PageParser broken = new PageParser(1000, bounds);
    broken.close();
    Header coded = new Header("Content-Encoding", "gzip");
    ParsedPage page =
        broken.parse(page(gzip("<p>x"), coded, new Header("X-Robots-Tag", "noarchive")));
    assertThat(page.reason()).isEqualTo(Reason.PARSE_FAILED);
    assertThat(page.archivable()).isFalse();
    assertThat(broken.parse(page(gzip("<p>x"), coded)).archivable()).isTrue();
  }

  @Test
  void aPagePastItsDateIsNotIndexed() {
    RobotsPolicy policy = new RobotsPolicy(false, false, false, true);
    String html = "<meta name=robots content='unavailable_after: %s'><p>text";

    assertThat(parse(policy, html.formatted("2026-11-20")).extract().text()).isEmpty();
    assertThat(parse(policy, html.formatted("2026-11-21")).extract().text()).isEqualTo("text");
  }

  private static ParsedPage parse(RobotsPolicy policy, String html) {
    ExtractBounds bounds =
        new ExtractBounds(
            1000, 100, 2_000, 64 << 20, Set.of("a"), "sluice", true, 10, policy, Wanted.ALL);
    try (PageParser parser = new PageParser(1 << 20, bounds)) {
      return parser.parse(TestPages.html(1, html));
    }
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
        "",
        plain.ip(),
        plain.begunAt(),
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
