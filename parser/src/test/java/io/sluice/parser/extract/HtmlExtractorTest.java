package io.sluice.parser.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.message.Header;
import io.sluice.core.url.Url;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HtmlExtractorTest {

  private static final Url PAGE = Objects.requireNonNull(Url.parse("http://a.test/docs/page.html"));

  private final HtmlExtractor extractor = new HtmlExtractor(bounds(1000, 100));

  private static ExtractBounds bounds(int maxTextBytes, int maxLinks) {
    return new ExtractBounds(maxTextBytes, maxLinks, 200, Set.of("a", "area"), "sluice", true);
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
                .other(List.of(new Header("X-Robots-Tag", "unavailable_after: 1 Jan")))
                .robots())
        .containsExactly("unavailable_after: 1 jan");
  }

  @Test
  void whereRobotsAreNotObeyedNofollowIsOnlyRecorded() {
    HtmlExtractor rude =
        new HtmlExtractor(new ExtractBounds(100, 10, 200, Set.of("a"), "sluice", false));

    Extract page = rude.html("<meta name=robots content=nofollow><a href=b>b</a>", PAGE, List.of());

    assertThat(followed(page)).hasSize(1);
    assertThat(page.robots()).containsExactly("nofollow");
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
