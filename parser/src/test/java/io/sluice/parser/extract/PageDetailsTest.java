package io.sluice.parser.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.message.Header;
import io.sluice.core.url.Url;
import io.sluice.parser.extract.PageDetails.Heading;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The details of a page that {@code parser.fields} turns on. */
final class PageDetailsTest {

  private static final Url PAGE = Objects.requireNonNull(Url.parse("http://a.test/docs/page.html"));

  private static final ExtractBounds BOUNDS =
      new ExtractBounds(10_000, 100, 200, 64 << 20, Set.of("a"), "sluice", true, 10);

  private static PageDetails details(String field, String html, Header... headers) {
    Wanted wanted = Wanted.of(Set.of(field), Set.of());
    return new HtmlExtractor(BOUNDS.with(wanted)).html(html, PAGE, List.of(headers)).details();
  }

  @Test
  void descriptionKeywordsAuthorAndDatesAreAsWritten() {
    PageDetails details =
        details(
            "meta",
            "<meta name=Description content=' What it\n is '><meta name=keywords content='a, b'>"
                + "<meta name=author content=Ann><meta name=author content=Bob>"
                + "<meta property=article:published_time content=2026-11-29T10:00Z>"
                + "<meta itemprop=dateModified content='yesterday, they say'>"
                + "<meta name=description content=second><meta name=generator content=no>");

    assertThat(details.meta())
        .containsExactly(
            Map.entry("description", "What it\n is"),
            Map.entry("keywords", "a, b"),
            Map.entry("author", "Ann"),
            Map.entry("published", "2026-11-29T10:00Z"),
            Map.entry("modified", "yesterday, they say"));
  }

  @Test
  void datesOfJsonLdCountWhereMetaElementsAreSilent() {
    String block =
        "<script type='application/ld+json; charset=utf-8'>{\"@graph\":[{\"datePublished\":"
            + "\"2026-01-01\",\"dateModified\":\"2026-01-02\"},{\"datePublished\":\"no\"}]}</script>";

    assertThat(details("meta", block + "<meta name=date content=2025>").meta())
        .containsExactly(Map.entry("published", "2025"), Map.entry("modified", "2026-01-02"));
    assertThat(details("meta", block).jsonLd()).as("the blocks are a field of their own").isEmpty();
  }

  @Test
  void otherFormsAndNeighboursAreAbsoluteAndMayBeThePageItself() {
    Alternates alternates =
        details(
                "alternates",
                "<base href=/b/><link rel=alternate hreflang=de href=page.de><link rel=alternate"
                    + " hreflang=en href=/docs/page.html><link rel=alternate hreflang=de"
                    + " href=second><link rel='amphtml' href=amp><link rel=Next href=2><link"
                    + " rel=previous href=0><link rel=alternate type='application/RSS+xml; x'"
                    + " href=feed><link rel=alternate type=text/html href=no><link rel=sitemap"
                    + " href=/map.xml><link rel=stylesheet href=no.css><link rel=next"
                    + " href=mailto:no>")
            .alternates();

    assertThat(alternates)
        .isEqualTo(
            new Alternates(
                Map.of("de", "http://a.test/b/page.de", "en", "http://a.test/docs/page.html"),
                "http://a.test/b/amp",
                "http://a.test/b/2",
                "http://a.test/b/0",
                List.of("http://a.test/b/feed"),
                List.of("http://a.test/map.xml")));
  }

  @Test
  void linkFieldsAnnounceTooAndTheDocumentComesFirst() {
    Header field =
        new Header(
            "Link",
            "<2>; rel=next, <0>; rel=prev, <fr>; rel=alternate; hreflang=fr,"
                + " <feed>; rel=alternate; type=\"application/atom+xml\"");
    Alternates alternates =
        details("alternates", "<base href=/b/><link rel=next href=n>", field).alternates();

    assertThat(alternates.next()).isEqualTo("http://a.test/b/n");
    assertThat(alternates.prev()).isEqualTo("http://a.test/docs/0");
    assertThat(alternates.hreflang()).containsEntry("fr", "http://a.test/docs/fr");
    assertThat(alternates.feeds()).containsExactly("http://a.test/docs/feed");
    Wanted wanted = Wanted.of(Set.of("alternates"), Set.of());
    assertThat(
            new HtmlExtractor(BOUNDS.with(wanted))
                .other(Document.utf8(PAGE, List.of(field)))
                .details()
                .alternates()
                .next())
        .as("of a document that is not read")
        .isEqualTo("http://a.test/docs/2");
  }

  @Test
  void openGraphAndTwitterCardsKeepEachValueOfAProperty() {
    PageDetails details =
        details(
            "social",
            "<meta property='og:image' content=1><meta property=OG:image content=2>"
                + "<meta property=article:tag content=t><meta name=twitter:card content=summary>"
                + "<meta property=fb:app_id content=no><meta property=og:empty content=''>");

    assertThat(details.openGraph())
        .containsExactly(
            Map.entry("og:image", List.of("1", "2")), Map.entry("article:tag", List.of("t")));
    assertThat(details.twitter()).containsExactly(Map.entry("twitter:card", List.of("summary")));
  }

  @Test
  void jsonLdBlocksAreAsTheyStandEvenIfTheyAreNotJson() {
    assertThat(
            details(
                    "json-ld",
                    "<script type=application/ld+json> {\"a\": \"&amp;\"}\n</script>"
                        + "<script>no</script><script type=application/ld+json>{broken</script>"
                        + "<template><script type=application/ld+json>{}</script></template>")
                .jsonLd())
        .containsExactly("{\"a\": \"&amp;\"}", "{broken");
  }

  @Test
  void typesOfMicrodataAreGivenOnceEach() {
    assertThat(
            details(
                    "microdata",
                    "<div itemscope itemtype='http://s.test/A http://s.test/B'><p itemscope"
                        + " itemtype=http://s.test/A><b itemtype=http://s.test/C>x")
                .microdata())
        .containsExactly("http://s.test/A", "http://s.test/B", "http://s.test/C");
  }

  @Test
  void headingsHaveTheirLevelAndTheirTextOnOneLine() {
    assertThat(
            details(
                    "headings",
                    "<h1>One <a href=x>two</a><br>three</h1><h2> </h2><p>no<h3>four</h3><h6>five")
                .headings())
        .containsExactly(
            new Heading(1, "One two three"), new Heading(3, "four"), new Heading(6, "five"));
  }

  @Test
  void htmlIsThePageAsItWasDecoded() {
    String html = "<p>&amp; <b>not repaired";
    assertThat(details("html", html).html()).isEqualTo(html);
    assertThat(details("meta", html).html()).isNull();
  }

  @Test
  void whatIsNotWantedIsNotThere() {
    String html = "<meta name=description content=d><link rel=next href=n><h1>h</h1><p itemtype=t>";
    Extract page = new HtmlExtractor(BOUNDS).html(html, PAGE, List.of());
    assertThat(page.details()).isSameAs(PageDetails.NONE);
  }

  @Test
  void detailsBeyondTheirBoundAreLeftOutAndMarked() {
    PageDetails many = details("social", "<meta property=og:a content=b>".repeat(100_000));
    assertThat(many.cut()).isTrue();
    assertThat(many.openGraph().get("og:a")).hasSizeBetween(4_000, 5_300);
    PageDetails longest =
        details("alternates", "<link rel=next href=" + "x".repeat(1_000_000) + ">");
    assertThat(longest.cut()).isTrue();
    assertThat(longest.alternates().next()).isNull();
  }

  @Test
  void alternatesThatALongBaseMakesLongAreBoundedToo() {
    ExtractBounds wide =
        new ExtractBounds(100, 10_000, 2_048, 64 << 20, Set.of(), "sluice", true, 10);
    StringBuilder html = new StringBuilder("<base href=http://a.test/" + "x".repeat(1_900) + "/>");
    for (int i = 0; i < 1_000; i++) {
      html.append("<link rel=feed href=").append(i).append('>');
    }
    PageDetails details =
        new HtmlExtractor(wide.with(Wanted.of(Set.of("alternates"), Set.of())))
            .html(html.toString(), PAGE, List.of())
            .details();
    assertThat(details.cut()).isTrue();
    assertThat(details.alternates().feeds())
        .hasSizeBetween(50, DetailBudget.MAX_CHARACTERS / 1_900);
  }
}
