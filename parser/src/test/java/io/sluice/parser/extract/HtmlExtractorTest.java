package io.sluice.parser.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.message.Header;
import io.sluice.core.url.Url;
import io.sluice.parser.encoding.Encoding;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HtmlExtractorTest {

  private static final Url PAGE = Objects.requireNonNull(Url.parse("http://a.test/docs/page.html"));

  private final HtmlExtractor extractor = new HtmlExtractor(bounds(1000, 100));

  private static ExtractBounds bounds(int maxTextBytes, int maxLinks) {
    return new ExtractBounds(
        maxTextBytes, maxLinks, 200, 64 << 20, Set.of("a", "area"), "sluice", true, 10);
  }

  private Extract extract(String html, Header... headers) {
    return extractor.html(html, PAGE, List.of(headers));
  }

  private static List<String> urls(Extract page) {
    return page.links().stream().map(Link::url).toList();
  }

  private static List<String> followed(Extract page) {
    return page.links().stream().filter(Link::followable).map(Link::url).toList();
  }

  @Test
  void titleAndLanguageAreThoseOfTheDocument() {
    Extract page =
        extract(
            "<html lang='de-CH'><title> Ein \n Titel&amp;  </title><body>"
                + "<svg><title>not this</title></svg><title>nor this</title>x");

    assertThat(page.title()).isEqualTo("Ein Titel&");
    assertThat(page.language()).isEqualTo("de-CH");
    assertThat(page.text()).isEqualTo("not this\nnor this\nx");
  }

  @Test
  void pageWithoutTitleOrLanguageHasNone() {
    Extract page = extract("<title> </title><p>x");

    assertThat(page.title()).isNull();
    assertThat(page.language()).isNull();
    assertThat(page.canonical()).isNull();
  }

  @Test
  void textHasOneSpaceBetweenWordsAndOneLineForEachBlock() {
    Extract page =
        extract(
            "<body>  <h1>Head\n"
                + " line</h1><p>one<b>two</b> <i>three</i>&nbsp; four<br>five</p><ul><li>a<li> b"
                + " </ul><table><tr><td>1<td>2<tr><td>3</table><script>no()</script><style>no{}</style><template><p>no<a"
                + " href=no>no</a></template><pre>x  y\n"
                + "  z</pre>end ");

    assertThat(page.text())
        .isEqualTo("Head line\nonetwo three four\nfive\na\nb\n1 2\n3\nx y\nz\nend");
    assertThat(page.links()).isEmpty();
  }

  @Test
  void textIsCutAtTheBoundInBytesAndNotInsideACharacter() {
    HtmlExtractor tight = new HtmlExtractor(bounds(10, 5));

    Extract ascii = tight.html("<p>12345 789<p>b", PAGE, List.of());
    Extract umlauts = tight.html("<p>ääääää", PAGE, List.of());
    Extract astral = tight.html("<p>abcdefgh😀", PAGE, List.of());
    Extract whole = tight.html("<p>abcdef😀", PAGE, List.of());

    assertThat(ascii.text()).isEqualTo("12345 789");
    assertThat(ascii.textCut()).isTrue();
    assertThat(umlauts.text()).isEqualTo("äääää");
    assertThat(astral.text()).isEqualTo("abcdefgh");
    assertThat(whole.text()).isEqualTo("abcdef😀");
    assertThat(whole.textCut()).isFalse();
  }

  @Test
  void linksAreResolvedOnceEachInDocumentOrder() {
    Extract page =
        extract(
            "<link rel='Next  x' href=next.html><a href='b.html#x'>1</a><a"
                + " href=./b.html>2</a><map><area href=/area></map><iframe"
                + " src=//b.test/frame></iframe><a href='mailto:x@a.test'>m</a><a"
                + " href='javascript:x()'>j</a><a href>empty</a><a href='#top'>self</a><a"
                + " href='http://['>broken</a><a href='ftp://a.test/'>f</a>");

    assertThat(page.links())
        .containsExactly(
            new Link("http://a.test/docs/next.html", LinkKind.LINK, "next  x", false),
            new Link("http://a.test/docs/b.html", LinkKind.A, null, true),
            new Link("http://a.test/area", LinkKind.AREA, null, true),
            new Link("http://b.test/frame", LinkKind.IFRAME, null, false));
  }

  @Test
  void followableReferenceWinsOverAnEarlierOneToTheSameUrl() {
    Extract page = extract("<link rel=next href=b><p><a rel=nofollow href=b>b</a>");

    assertThat(page.links())
        .containsExactly(new Link("http://a.test/docs/b", LinkKind.A, "nofollow", true));
  }

  @Test
  void baseElementCountsForLinksBeforeItToo() {
    Extract page =
        extract("<link rel=next href=n><base href='/other/'><base href='/wrong/'><a href=x>x</a>");

    assertThat(urls(page)).containsExactly("http://a.test/other/n", "http://a.test/other/x");
  }

  @Test
  void canonicalIsKnownEvenWhereItIsThePageItself() {
    assertThat(extract("<link rel=canonical href='/c'>").canonical()).isEqualTo("http://a.test/c");
    assertThat(extract("<link rel=Canonical href='page.html'>").canonical())
        .isEqualTo("http://a.test/docs/page.html");
  }

  @Test
  void robotsDirectivesForEverybodyAndForUsAreObeyed() {
    String link = "<a href=b>b</a>";

    assertThat(followed(extract("<meta name=ROBOTS content='noindex, NoFollow'>" + link)))
        .isEmpty();
    assertThat(followed(extract("<meta name=sluice content=none>" + link))).isEmpty();
    assertThat(followed(extract("<meta name=otherbot content=nofollow>" + link))).hasSize(1);
    assertThat(urls(extract("<meta name=robots content=nofollow>" + link))).hasSize(1);
    assertThat(extract("<meta name=ROBOTS content='noindex, NoFollow'>").robots())
        .containsExactly("noindex", "nofollow");
  }

  @Test
  void robotsTagFieldsNameTheirCrawler() {
    String link = "<a href=b>b</a>";

    assertThat(followed(extract(link, new Header("X-Robots-Tag", "noindex, nofollow")))).isEmpty();
    assertThat(followed(extract(link, new Header("x-robots-tag", "otherbot: noindex, nofollow"))))
        .hasSize(1);
    assertThat(
            followed(extract(link, new Header("X-Robots-Tag", "otherbot: noindex, sluice: none"))))
        .isEmpty();
    assertThat(
            extractor
                .other(
                    Document.utf8(
                        PAGE, List.of(new Header("X-Robots-Tag", "unavailable_after: 1 Jan"))))
                .robots())
        .containsExactly("unavailable_after: 1 jan");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unavailable_after: Saturday, 25-Jun-2010 15:00:00 PST, nofollow | false",
        "unavailable_after: Sat, 25 Jun 2010 15:00:00 GMT, nofollow | false",
        "unavailable_after: 2010-06-25T15:00:00+00:00, nofollow | false",
        "unavailable_after: June 25, 2010, nofollow | false",
        "max-snippet: 20, nofollow | false",
        "otherbot: unavailable_after: Sat, 25 Jun 2010 15:00:00 GMT, nofollow | true",
        "otherbot/2.1: nofollow | true",
        "Sluice/1.0: nofollow | false",
        "sluicer: nofollow | true",
        "otherbot: index, *: nofollow | false",
      })
  void datesAndAgentsOfARobotsTagAreToldFromDirectives(String field, boolean followed) {
    Extract page = extract("<a href=b>b</a>", new Header("X-Robots-Tag", field));
    assertThat(followed(page)).hasSize(followed ? 1 : 0);
  }

  @Test
  void aDateIsOneDirectiveWithItsCommas() {
    String content = "unavailable_after: Sat, 25 Jun 2010 15:00:00 GMT, nofollow";
    assertThat(extract("<meta name=robots content='" + content + "'>").robots())
        .containsExactly("unavailable_after: sat, 25 jun 2010 15:00:00 gmt", "nofollow");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "</c.png>; rel=\"image_src\", </c?a,b>; rel=\"canonical\" | http://a.test/c?a,b",
        "<c>; title=\"a, \\\"b;\"; rel='x'; REL=canonical |",
        "<c#f> ; a ; rel = \"next Canonical\" | http://a.test/docs/c",
        "</Ð¹>;rel=canonical | http://a.test/%D0%B9",
        "<c; rel=canonical |",
        "c; rel=canonical |",
        "</n>;rel=next,,</c>;rel=canonical,</d>;rel=canonical | http://a.test/c",
      })
  void theCanonicalUrlMayComeInALinkField(String field, @Nullable String canonical) {
    Header link = new Header("Link", field);
    assertThat(extract("<base href=/other/>", link).canonical()).isEqualTo(canonical);
    assertThat(extractor.other(Document.utf8(PAGE, List.of(link))).canonical())
        .isEqualTo(canonical);
    assertThat(extract("<link rel=canonical href=/x>", link).canonical())
        .isEqualTo("http://a.test/x");
  }

  @Test
  void ofAListWithoutEndOnlyTheBeginningIsRead() {
    String list = "nofollow,unavailable_after" + ",1".repeat(1_000_000);
    Extract page = extract("<meta name=robots content='" + list + "'>");
    assertThat(page.robots()).contains("nofollow").hasSizeLessThan(10);
    String rel = "a ".repeat(1_000_000) + "canonical";
    assertThat(extract("<link href=/c rel='" + rel + "'>").canonical())
        .isEqualTo("http://a.test/c");
  }

  @Test
  void aRefreshFieldIsBytes() {
    assertThat(urls(extract("x", new Header("Refresh", "0; url=/Ð¹"))))
        .containsExactly("http://a.test/%D0%B9");
  }

  @Test
  void whereRobotsAreNotObeyedNofollowIsOnlyRecorded() {
    HtmlExtractor rude =
        new HtmlExtractor(
            new ExtractBounds(100, 10, 200, 64 << 20, Set.of("a"), "sluice", false, 10));

    Extract page = rude.html("<meta name=robots content=nofollow><a href=b>b</a>", PAGE, List.of());

    assertThat(followed(page)).hasSize(1);
    assertThat(page.robots()).containsExactly("nofollow");
  }

  @Test
  void aTreeThatTakesMoreThanItsMemoryEndsThereAndIsMarked() {
    HtmlExtractor small =
        new HtmlExtractor(
            new ExtractBounds(1000, 10_000, 200, 4 << 20, Set.of("a"), "sluice", true, 10));
    String link = "<p><a href=here>x</a>";
    // Each paragraph reopens twelve elements, so a byte of markup becomes a hundred bytes of tree.
    String reopened = "<b><i><u><s><tt><em><big><code><font><small><strike><strong>" + link;

    Document document = Document.utf8(PAGE, List.of());
    assertThat(small.tree(link.repeat(10), document).textCut()).isFalse();
    for (String markup : List.of(link, "<p>x", "<b>", reopened)) {
      Extract page = small.tree("y" + link + markup.repeat(200_000), document);
      assertThat(page.text()).startsWith("y");
      assertThat(urls(page)).containsExactly("http://a.test/docs/here");
      assertThat(page.textCut()).as(markup).isTrue();
      assertThat(page.linksCut()).as(markup).isTrue();
    }
  }

  @Test
  void aScanIsNotBoundByATreesMemoryAndItsReferencesAre() {
    HtmlExtractor small =
        new HtmlExtractor(
            new ExtractBounds(1 << 20, 10_000, 200, 4 << 20, Set.of("a"), "sluice", true, 10));

    Extract paragraphs = small.html("<p>x".repeat(200_000), PAGE, List.of());
    assertThat(paragraphs.text()).hasSize(399_999);
    assertThat(paragraphs.textCut()).isFalse();
    assertThat(paragraphs.linksCut()).isFalse();

    Extract links = small.html("<a href=here></a>".repeat(200_000), PAGE, List.of());
    assertThat(urls(links)).containsExactly("http://a.test/docs/here");
    assertThat(links.linksCut()).isTrue();
  }

  @Test
  void linksThatALongBaseMakesLongAreCutByTheirCharacters() {
    HtmlExtractor wide =
        new HtmlExtractor(
            new ExtractBounds(1000, 10_000, 2_000, 64 << 20, Set.of("a"), "sluice", true, 10));
    StringBuilder html = new StringBuilder("<base href=http://a.test/" + "x".repeat(1_900) + "/>");
    for (int i = 0; i < 1_000; i++) {
      html.append("<a href=").append(i).append('>');
    }

    Extract page = wide.html(html.toString(), PAGE, List.of());

    assertThat(page.linksCut()).isTrue();
    assertThat(page.links()).hasSizeBetween(500, HtmlExtractor.MAX_LINK_CHARACTERS / 1_900);
  }

  @Test
  void refreshIsALinkOfItsOwnKind() {
    Extract meta = extract("<meta http-equiv=Refresh content='5; url=next'>");
    Extract field = extract("x", new Header("Refresh", "0;/home"));

    assertThat(meta.links())
        .containsExactly(new Link("http://a.test/docs/next", LinkKind.REFRESH, null, false));
    assertThat(urls(field)).containsExactly("http://a.test/home");
  }

  @Test
  void refreshWithinThirtySecondsTakesThePagesPlace() {
    assertThat(refresh("<meta http-equiv=Refresh content='30; url=next'>"))
        .isEqualTo("http://a.test/docs/next");
    assertThat(refresh("<META HTTP-EQUIV=REFRESH CONTENT=\"0; URL=/t/\"></META>"))
        .isEqualTo("http://a.test/t/");
    assertThat(refresh("<base href=/b/><meta http-equiv=refresh content='0;url=c'>"))
        .isEqualTo("http://a.test/b/c");
    assertThat(refresh("<meta http-equiv=refresh content='31; url=next'>")).isNull();
    assertThat(refresh("<meta http-equiv=refresh content='5'>")).isNull();
    assertThat(refresh("<meta http-equiv=refresh content='0; url=page.html#x'>")).isNull();
    assertThat(refresh("<meta http-equiv=refresh content='0; url=mailto:a@b'>")).isNull();
    assertThat(refresh("<noscript><meta http-equiv=refresh content='0; url=n'></noscript>"))
        .isNull();
    assertThat(
            refresh(
                "<meta name=robots content=nofollow><meta http-equiv=refresh content='0;url=n'>"))
        .isNull();
  }

  @Test
  void refreshFieldComesBeforeMetaElementsAndTheFirstOfThoseCounts() {
    String meta =
        "<meta http-equiv=refresh content='x; url=no'>"
            + "<meta http-equiv=refresh content='0; url=first'>"
            + "<meta http-equiv=refresh content='0; url=second'>";

    assertThat(refresh(meta)).isEqualTo("http://a.test/docs/first");
    assertThat(refresh(meta, new Header("refresh", "0; url=/field")))
        .isEqualTo("http://a.test/field");
    assertThat(refresh(meta, new Header("refresh", "60"))).isNull();
  }

  @Test
  void refreshesInARowAreBounded() {
    String html = "<meta http-equiv=refresh content='0; url=next'>";

    assertThat(extractor.html(html, new Document(PAGE, 9, List.of(), Encoding.UTF_8)).refresh())
        .isNotNull();
    Extract last = extractor.html(html, new Document(PAGE, 10, List.of(), Encoding.UTF_8));
    assertThat(last.refresh()).isNull();
    assertThat(urls(last)).containsExactly("http://a.test/docs/next");
  }

  private @Nullable String refresh(String html, Header... headers) {
    return extract(html, headers).refresh();
  }

  @Test
  void relIsASetAndTheDocumentsCanonicalComesBeforeItsFields() {
    Header field = new Header("Link", "</c.png>; rel=image_src, <c-field>; rel=\"x Canonical\"");

    assertThat(extract("<link rel='canonical shortlink' href=/c>").canonical())
        .isEqualTo("http://a.test/c");
    assertThat(extract("<link rel=canonical href=/c>", field).canonical())
        .isEqualTo("http://a.test/c");
    assertThat(extract("<base href=/b/>", field).canonical())
        .isEqualTo("http://a.test/docs/c-field");
    assertThat(extract("<link rel=uncanonical href=/c>").canonical()).isNull();
  }

  @Test
  void linkFieldsAreLinks() {
    Extract page =
        extract(
            "<link rel=alternate hreflang=fr href=/fr>",
            new Header(
                "Link",
                "</2>; rel=next; title=\"a, b; \\\"c\\\"\", </de>; rel=alternate;hreflang=de"),
            new Header("link", "</other>; rel=canonical; anchor=\"/elsewhere\""),
            new Header("Link", "<mailto:a@b>, nonsense, <unclosed"));

    assertThat(page.links())
        .containsExactly(
            new Link("http://a.test/2", LinkKind.LINK, "next", false),
            new Link("http://a.test/de", LinkKind.LINK, "alternate", "de", false),
            new Link("http://a.test/fr", LinkKind.LINK, "alternate", "fr", false));
    assertThat(page.canonical()).isNull();
  }

  @Test
  void fieldsOfADocumentThatIsNotReadSayTheirPart() {
    Extract page =
        extractor.other(Document.utf8(PAGE, List.of(new Header("Link", "</page>; rel=canonical"))));

    assertThat(page.canonical()).isEqualTo("http://a.test/page");
    assertThat(urls(page)).containsExactly("http://a.test/page");
  }

  @Test
  void svgHasLinksAndNoBaseOrText() {
    Extract page =
        extract(
            "<svg><base href=http://b.test/ /><style>p{}</style><a xlink:href=x><text>t</text></a>"
                + "<a href=y xlink:href=z>u</a></svg><a xlink:href=no>v</a>");

    assertThat(urls(page)).containsExactly("http://a.test/docs/x", "http://a.test/docs/y");
    assertThat(page.text()).isEqualTo("tu\nv");
  }

  @Test
  void prefixesOfHtmlArePartsOfNames() {
    Extract page = extract("<o:a href=no>a</o:a> b<o:p>c</o:p>");

    assertThat(urls(page)).isEmpty();
    assertThat(page.text()).isEqualTo("a bc");
  }

  @Test
  void linkBehindAThousandAttributesIsALink() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      many.append(" data-").append(i).append("='>'");
    }
    Extract page = extract("<p>x<a" + many + " HREF = '/x?a&amp;b'/>y</a><a href=/y>z</a>");

    assertThat(urls(page)).containsExactly("http://a.test/x?a&b", "http://a.test/y");
    assertThat(page.text()).isEqualTo("xyz");
  }

  @Test
  void linksBeyondTheBoundAndTooLongOnesAreLeftOut() {
    HtmlExtractor tight = new HtmlExtractor(bounds(100, 2));

    Extract page =
        tight.html(
            "<a href=" + "x".repeat(300) + ">l</a><a href=1>1</a><a href=2>2</a><a href=3>3</a>",
            PAGE,
            List.of());

    assertThat(urls(page)).containsExactly("http://a.test/docs/1", "http://a.test/docs/2");
    assertThat(page.linksCut()).isTrue();
  }

  @Test
  void deepNestingIsHarmless() {
    Extract page = extract("<div>".repeat(100_000) + "deep<a href=b>b</a>");

    assertThat(page.text()).contains("deep");
    assertThat(urls(page)).containsExactly("http://a.test/docs/b");
  }

  @Test
  void productTokenIsWhatStandsBeforeTheVersion() {
    assertThat(RobotsDirectives.productToken("Sluice/0.1 (+https://a.test)")).isEqualTo("sluice");
    assertThat(RobotsDirectives.productToken("My_Bot-x")).isEqualTo("my_bot-x");
  }
}
