package io.sluice.parser.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.Problem;
import io.sluice.core.message.Header;
import io.sluice.core.url.Url;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kinds of links that are off by default, and the attributes of links. */
final class FurtherLinksTest {

  @TempDir private Path dir;

  private static final Url PAGE = Objects.requireNonNull(Url.parse("http://a.test/docs/page.html"));

  private static final ExtractBounds BOUNDS =
      new ExtractBounds(
          10_000,
          100,
          200,
          64 << 20,
          Set.of("a"),
          "sluice",
          true,
          10,
          RobotsPolicy.NONE,
          Wanted.ALL);

  private static final String PAGE_OF_ALL =
      "<style>/*url(no)*/ body{background:url('css.png')}</style>"
          + "<script src=script.js></script><script>var a = 'http://a.test/no'</script>"
          + "<script type='application/ld+json'>{\"@context\":\"https://schema.org\","
          + "\"url\":\"http://a.test/ld\",\"no\":\"relative\"}</script>"
          + "<p style='background: url(attribute.png)'>"
          + "<img src=img.png srcset='img1.png 1x, img2.png 2x'>"
          + "<img src='data:image/png;base64,AAAA'>"
          + "<picture><source srcset='s1.webp, s2.webp 2x'></picture>"
          + "<video><source src=v.mp4></video>"
          + "<object data=o.swf></object><embed src=e.swf>"
          + "<form action=/search></form><form></form>";

  private static Extract extract(ExtractBounds bounds, String html, Header... headers) {
    return new HtmlExtractor(bounds).html(html, PAGE, List.of(headers));
  }

  private static List<String> words(Extract page) {
    return page.links().stream()
        .map(link -> link.kind().word() + " " + link.url().replace("http://a.test/", "/"))
        .toList();
  }

  @Test
  void everyKindOfLinkIsTakenWhereItIsWanted() {
    assertThat(words(extract(BOUNDS, PAGE_OF_ALL)))
        .containsExactly(
            "css /docs/css.png",
            "script /docs/script.js",
            "json-ld /ld",
            "css /docs/attribute.png",
            "img /docs/img.png",
            "img /docs/img1.png",
            "img /docs/img2.png",
            "source /docs/s1.webp",
            "source /docs/s2.webp",
            "source /docs/v.mp4",
            "object /docs/o.swf",
            "embed /docs/e.swf",
            "form /search");
  }

  @Test
  void noneOfThemIsTakenByDefault() {
    assertThat(words(extract(BOUNDS.with(Wanted.NOTHING), PAGE_OF_ALL))).isEmpty();
  }

  @Test
  void oneKindIsTakenWithoutTheOthers() {
    Wanted images = Wanted.of(Set.of(), Set.of("img"));
    assertThat(words(extract(BOUNDS.with(images), PAGE_OF_ALL)))
        .containsExactly("img /docs/img.png", "img /docs/img1.png", "img /docs/img2.png");
  }

  @Test
  void aStyleOfASecondBodyTagIsFoundByTheTree() {
    assertThat(words(extract(BOUNDS, "<body><p>x<body style='b:url(c)'>")))
        .containsExactly("css /docs/c");
  }

  @Test
  void contentLocationIsALink() {
    Extract page = extract(BOUNDS, "x", new Header("Content-Location", "page.de.html"));
    assertThat(words(page)).containsExactly("content-location /docs/page.de.html");
    assertThat(words(extract(BOUNDS, "x", new Header("content-location", "page.html")))).isEmpty();
  }

  @Test
  void linksThatAreOnlyRecordedTakeNoRoomOfThoseThatAreFollowed() {
    String images = "<img src=%s>".repeat(300);
    Object[] names = IntStream.range(0, 300).boxed().toArray();
    Extract page = extract(BOUNDS, images.formatted(names) + "<a href=x>x</a>");
    assertThat(page.links()).hasSize(101);
    assertThat(page.links().getLast().url()).isEqualTo("http://a.test/docs/x");
    assertThat(page.linksCut()).isTrue();
    String links = "<a href=%s></a>".repeat(300);
    assertThat(extract(BOUNDS, links.formatted(names) + "<img src=y>").links()).hasSize(100);
  }

  @Test
  void theConfigKnowsEveryFieldAndEveryKindThatIsTakenOnlyWhereItIsWanted() {
    List<String> kinds =
        Stream.of(LinkKind.values()).filter(LinkKind::optional).map(LinkKind::word).toList();
    List<String> fields = Stream.of(PageField.values()).map(PageField::word).toList();
    String yaml =
        """
        crawl: { user-agent: 'Sluice/1 (+https://a.test/)', seeds: ['https://a.test/'] }
        parser: { links: %s, fields: %s }
        """;
    assertThat(problems(yaml.formatted(kinds, fields))).isEmpty();
    assertThat(problems(yaml.formatted("[no]", "[no]")))
        .hasSize(2)
        .satisfies(lines -> kinds.forEach(kind -> assertThat(lines.get(1)).contains(kind)))
        .satisfies(lines -> fields.forEach(field -> assertThat(lines.get(0)).contains(field)));
  }

  private List<String> problems(String yaml) {
    try {
      LoadResult result =
          ConfigLoader.load(Files.writeString(dir.resolve("c.yaml"), yaml), Map.of(), 1);
      return result instanceof LoadResult.Invalid invalid
          ? invalid.problems().stream().map(Problem::toString).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aLinksTextIsOnOneLineAndTheFirstThatAUrlHas() {
    assertThat(text("<a href=b> one\n <b>two</b><br>three</a>")).isEqualTo("one two three");
    assertThat(text("<a href=b><img src=c></a> <a href=b>second</a> <a href=b>third</a>"))
        .isEqualTo("second");
    assertThat(text("<a href=b></a>x")).isNull();
    assertThat(text("<a href=b>" + "x".repeat(300) + "</a>")).hasSize(Passages.MAX_LENGTH);
    assertThat(text("<a name=n>not</a><a href=b>this</a>")).isEqualTo("this");
    assertThat(text("<svg><a xlink:href=b><text>drawn</text></a></svg>")).isEqualTo("drawn");
  }

  @Test
  void aLinkThatIsOpenedAgainHasTheTextOfEachPart() {
    assertThat(text("<p>x<a href=b><p>in</a> out")).isEqualTo("in");
    assertThat(text("<p><a href=b>one<p>two")).isEqualTo("one");
  }

  private static @Nullable String text(String html) {
    Wanted texts = Wanted.of(Set.of("link-text"), Set.of());
    return extract(BOUNDS.with(texts), html).links().getFirst().text();
  }

  @Test
  void aLinksTextCountsAmongTheCharactersOfLinks() {
    StringBuilder html = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      html.append("<a href=").append(i).append('>').append("x".repeat(256)).append("</a> ");
    }
    ExtractBounds wide =
        new ExtractBounds(
            4 << 20,
            10_000,
            200,
            64 << 20,
            Set.of(),
            "sluice",
            true,
            10,
            RobotsPolicy.NONE,
            Wanted.ALL);
    Extract page = extract(wide, html.toString());
    assertThat(page.linksCut()).isTrue();
    assertThat(page.links()).hasSizeBetween(3_500, 4_000);
  }

  @Test
  void nofollowOfALinkIsObeyedWhereThatIsAskedFor() {
    String html = "<a rel='x NoFollow' href=b>b</a><a href=c>c</a><a rel=nofollows href=d>d</a>";
    ExtractBounds obeying =
        new ExtractBounds(
            100,
            100,
            200,
            64 << 20,
            Set.of("a"),
            "sluice",
            true,
            10,
            new RobotsPolicy(true, false, false, false),
            Wanted.NOTHING);

    assertThat(extract(BOUNDS, html).links()).extracting(Link::followable).containsOnly(true);
    assertThat(extract(obeying, html).links())
        .extracting(Link::followable)
        .containsExactly(false, true, true);
    assertThat(extract(BOUNDS, html).links())
        .extracting(Link::nofollow)
        .containsExactly(true, false, false);
    assertThat(extract(obeying, "<a rel=nofollow href=b>b</a><a href=b>b</a>").links())
        .as("one of two links to a URL may be followed")
        .extracting(Link::followable)
        .containsExactly(true);
  }
}
