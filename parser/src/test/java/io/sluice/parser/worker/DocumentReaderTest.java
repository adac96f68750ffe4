package io.sluice.parser.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Reason;
import io.sluice.core.message.Header;
import io.sluice.core.testing.Corpora;
import io.sluice.parser.extract.Extract;
import io.sluice.parser.extract.Link;
import io.sluice.parser.sink.ParsedPage;
import io.sluice.parser.sink.TestPages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The extracts of the different kinds of documents. Their bytes are UTF-8 here. */
final class DocumentReaderTest {

  private static final String HEAD =
      "<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.1//EN' 'http://x/x.dtd'>";
  private static final String XHTML = "<html xmlns='http://www.w3.org/1999/xhtml'>";

  private static ParsedPage read(String type, String content) {
    List<Header> fields = type.isEmpty() ? List.of() : List.of(new Header("Content-Type", type));
    return TestPages.parse(TestPages.page(1, 200, content, fields));
  }

  private static List<String> urls(ParsedPage page) {
    return page.extract().links().stream().map(Link::url).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/xhtml+xml", "application/xml", "text/xml; charset=utf-8", ""})
  void xhtmlIsReadByTheRulesOfXml(String type) {
    ParsedPage page =
        read(
            type,
            HEAD
                + XHTML
                + "<head><script src='a.js'/><style/><title/></head><body><iframe src='/f'/><p><a"
                + " id='top'/>seen&nbsp;<a href='/x'>x</a></p><p><![CDATA[<3]]></p></body></html>");

    assertThat(urls(page)).containsExactly("http://a.test/f", "http://a.test/x");
    assertThat(page.extract().text()).isEqualTo("seen x\n<3");
    assertThat(page.extract().title()).isNull();
  }

  @Test
  void prefixedXhtmlIsXhtml() {
    ParsedPage page =
        read(
            "application/xhtml+xml",
            "<h:html xmlns:h='http://www.w3.org/1999/xhtml'"
                + " xml:lang='fr'><h:head><h:title>t</h:title><h:style>p{}</h:style></h:head><h:body><h:p>a</h:p><h:p>b<h:a"
                + " href='/x'>x</h:a></h:p><a href='/no'>c</a></h:body></h:html>");

    assertThat(page.extract().title()).isEqualTo("t");
    assertThat(page.extract().language()).isEqualTo("fr");
    assertThat(page.extract().text()).isEqualTo("a\nbx\nc");
    assertThat(urls(page)).containsExactly("http://a.test/x");
  }

  @Test
  void xhtmlThatIsNotWellFormedIsReadAsHtml() {
    ParsedPage page =
        read("application/xhtml+xml", XHTML + "<title>t</title><p>a<br>b<a href=/x>x</a></html>");

    assertThat(page.extract().title()).isEqualTo("t");
    assertThat(page.extract().text()).isEqualTo("a\nbx");
    assertThat(urls(page)).containsExactly("http://a.test/x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<!-- <b>x</b> -->", "<!DOCTYPE html>\n<!-- a > b -->"})
  void htmlThatOnlySaysThatItIsXmlIsReadAsHtml(String before) {
    ParsedPage page =
        read(
            "application/xhtml+xml",
            before + "<html><title>t</title><p>a</p><a href='/x'>x</a></html>");

    assertThat(page.extract().title()).isEqualTo("t");
    assertThat(urls(page)).containsExactly("http://a.test/x");
  }

  @Test
  void entitiesNeitherGrowNorReadFiles() {
    String bomb =
        "<?xml version='1.0'?><!DOCTYPE html [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>"
            + "<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
            + XHTML
            + "<body><p>x&b;&f;</p></body></html>";

    assertThat(read("text/xml", bomb).extract().text()).doesNotContain("aaaa", "root:");
  }

  @Test
  void feedsHaveTheTextOfTheirElements() {
    Extract rss =
        read(
                "application/rss+xml",
                "<?xml"
                    + " version='1.0'?><rss><channel><title>News</title><item><title>One</title><link>http://a.test/1</link><description><![CDATA[two"
                    + " <b>three</b>]]></description></item></channel></rss>")
            .extract();

    assertThat(rss.text()).isEqualTo("News\nOne\nhttp://a.test/1\ntwo <b>three</b>");
    assertThat(rss.links()).isEmpty();
  }

  @Test
  void imagesOfXmlHaveTheirTextAndNotTheirStyles() {
    String svg =
        "<svg xmlns='http://www.w3.org/2000/svg'><style>p{}</style><text>seen</text></svg>";

    assertThat(read("image/svg+xml", svg).extract().text()).isEqualTo("seen");
  }

  @Test
  void deepXmlIsHarmless() {
    String deep = "<a>".repeat(50_000) + "x" + "</a>".repeat(50_000);
    String xhtml = XHTML + "<body>" + "<div>".repeat(50_000) + "x" + "</div>".repeat(50_000);

    assertThat(read("text/xml", deep).reason()).isEqualTo(Reason.OK);
    assertThat(read("application/xhtml+xml", xhtml + "</body></html>").extract().text())
        .isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/json",
        "application/ld+json; charset=utf-8",
        "text/csv",
        "text/markdown"
      })
  void textIsKeptAsItIs(String type) {
    assertThat(read(type, "\n{\"a\":  1,\n \"é\": [] }\n").extract().text())
        .isEqualTo("{\"a\":  1,\n \"é\": [] }");
  }

  @ParameterizedTest
  @ValueSource(strings = {"image/png", "text/css", "application/octet-stream"})
  void whatIsNotTextHasNone(String type) {
    assertThat(read(type, "text").extract().text()).isEmpty();
    assertThat(read(type, "text").encoding()).isNull();
  }

  @Test
  void textIsCutAtItsBoundBetweenCharacters() {
    Extract page = read("text/plain", "x" + "é".repeat(60_000)).extract();

    assertThat(page.text()).hasSize(50_000);
    assertThat(page.textCut()).isTrue();
  }

  @Test
  void metaElementBehindTheFirst1024BytesIsObeyed() {
    String filler = "<!--" + "x".repeat(2_000) + "-->";
    ParsedPage late =
        read("text/html", filler + "<meta charset=shift_jis><title>\u00B1\u00B2</title>");
    ParsedPage scripted =
        read("text/html", filler + "<script>'<meta charset=koi8-r>'</script><title>\u00B1</title>");
    ParsedPage told =
        read("text/html; charset=utf-8", filler + "<meta charset=shift_jis><title>é</title>");

    assertThat(Objects.requireNonNull(late.encoding()).name()).isEqualTo("Shift_JIS");
    assertThat(late.extract().title()).isEqualTo("\uFF82\uFF71\uFF82\uFF72");
    assertThat(scripted.extract().title()).isEqualTo("\u00B1");
    assertThat(told.extract().title()).isEqualTo("é");
  }

  @Test
  void lateDeclarationsAreFoundAsTheHtml5libCasesExpect() throws IOException {
    String all =
        Files.readString(Corpora.path("html5lib-encoding/tests1.dat"), StandardCharsets.ISO_8859_1);
    int late = 0;
    for (String one : ("\n" + all).split("\n#data\n", -1)) {
      int split = one.indexOf("\n#encoding\n");
      if (split >= 0 && one.indexOf("<meta") > 1000 && one.indexOf("<meta") < split) {
        ParsedPage page = read("text/html", one.substring(0, split));
        assertThat(Objects.requireNonNull(page.encoding()).name())
            .isEqualToIgnoringCase(one.substring(split + 11).strip());
        late++;
      }
    }
    assertThat(late).isEqualTo(7);
  }

  @Test
  void queriesOfLinksAreInThePagesEncoding() {
    ParsedPage page = read("text/html; charset=shift_jis", "<a href='/p?q=\u00B1&#9731;'>x</a>");

    assertThat(urls(page)).containsExactly("http://a.test/p?q=%C2%B1%26%239731%3B");
  }
}
