package io.sluice.parser.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.url.Url;
import io.sluice.parser.extract.Document;
import io.sluice.parser.extract.PageTree;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Pages that try to harm a crawl through the operator's rules. */
class HostilePagesTest {

  private final AtomicLong now = new AtomicLong();

  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void noTextMakesARegexBacktrack() {
    Rules rules = Rules.field("{ regex: '(a+)+$', in: html }");
    String page = "<p>" + "a".repeat(100_000) + "b";
    assertThat(assertTimeoutPreemptively(LONG, () -> rules.value(page))).isEmpty();
  }

  @Test
  void noUrlMakesThePatternOfARuleBacktrack() {
    Rules rules =
        Rules.of("extract: [{ match: a.test, url: '(a+)+$', fields: { f: { css: p } } }]");
    String url = "https://a.test/" + "a".repeat(60_000) + "/";
    assertTimeoutPreemptively(LONG, () -> assertThat(rules.on(url, "<p>x")).isNull());
  }

  @Test
  void noAttributeMakesARegexOfASelectorBacktrack() {
    Rules rules = Rules.field("{ css: 'p[title~=^(a+)+$]' }");
    String page = "<p title='" + "a".repeat(100_000) + "b'>x";
    assertThat(assertTimeoutPreemptively(LONG, () -> rules.value(page))).isEmpty();
  }

  @Test
  void jsonThatIsNestedDeeplyIsPassedOver() {
    Rules rules = Rules.field("{ json-ld: $.a }");
    String page =
        "<script type=application/ld+json>%s</script><script type=application/ld+json>{\"a\": 1}</script>"
            .formatted("[".repeat(200_000));
    assertThat(assertTimeoutPreemptively(LONG, () -> rules.value(page))).containsExactly("1");
  }

  @Test
  void noNameInJsonFillsTheHeapWithThePathsThatItIsPartOf() {
    Rules rules = Rules.field("{ json-ld: $..price }");
    String items = "{\"price\":1},".repeat(30_000) + "{}";
    String page = jsonLd("{\"" + "k".repeat(400_000) + "\":[" + items + "]}");
    assertThat(assertTimeoutPreemptively(LONG, () -> rules.value(page))).isEmpty();
    assertThat(assertTimeoutPreemptively(LONG, () -> rules.value(jsonLd("[" + items + "]"))))
        .containsExactly("1");
  }

  @Test
  void namesThatAddUpToLongPathsEndTheEvaluation() {
    Rules rules = Rules.field("{ json-ld: $..*, all: true }");
    String name = "\"" + "k".repeat(250) + "\":";
    String page =
        jsonLd(("{" + name).repeat(300) + "[" + "{},".repeat(200_000) + "{}]" + "}".repeat(300));
    Extracted found = assertTimeoutPreemptively(LONG, () -> Objects.requireNonNull(rules.on(page)));
    assertThat(found.cut()).isTrue();
  }

  @Test
  void aPathThatDescendsTwiceEndsAtItsBounds() {
    Rules rules = Rules.field("{ json-ld: $..a..a..b, all: true }");
    String page = jsonLd("{\"a\":".repeat(350) + "{\"c\":1}" + "}".repeat(350));
    Extracted found = assertTimeoutPreemptively(LONG, () -> Objects.requireNonNull(rules.on(page)));
    assertThat(Rules.valuesOf(found, "f")).isEmpty();
  }

  private static String jsonLd(String json) {
    return "<script type=application/ld+json>" + json + "</script>";
  }

  @Test
  void aSelectorWhoseTimeGrowsWithTheSquareOfThePageEndsAndTheNextFieldsAreNull() {
    Rules rules =
        Rules.of(
            "extract: [{ match: a.test, fields: { f: { css: 'h2 ~ p', all: true }, g: { css: p } }"
                + " }]",
            () -> now.addAndGet(RuleTime.MAX_NANOS / 1_000)); // each look at the clock takes time
    Extracted found = Objects.requireNonNull(rules.on("<p>x".repeat(10_000)));
    assertThat(Rules.valuesOf(found, "f")).isEmpty();
    assertThat(Rules.valuesOf(found, "g")).isEmpty();
    assertThat(found.cut()).isTrue();
  }

  @Test
  void anXpathSeesNoPageWithMoreNodesThanItsTimeAllows() {
    Rules rules = Rules.field("{ xpath: '//dt/following-sibling::dd[1]' }");
    int elements = RuledPage.MAX_XPATH_NODES / 4 - 10;
    String page = "<dl>" + "<dt>a<dd>b".repeat(elements);
    Extracted most = assertTimeoutPreemptively(LONG, () -> Objects.requireNonNull(rules.on(page)));
    assertThat(Rules.valuesOf(most, "f")).containsExactly("b");
    Extracted more = Objects.requireNonNull(rules.on(page + "<dt>".repeat(100)));
    assertThat(Rules.valuesOf(more, "f")).isEmpty();
    assertThat(more.cut()).isTrue();
  }

  @Test
  void aSelectorThatIsKeptKeepsNoPage() throws InterruptedException {
    CssSelector selector = new CssSelector("div p", null, false);
    WeakReference<org.jsoup.nodes.Document> tree = search(selector);
    for (int i = 0; i < 100 && tree.get() != null; i++) {
      System.gc();
      Deadline.in(Duration.ofSeconds(1)).pause(Duration.ofMillis(20));
    }
    assertThat(tree.get()).isNull();
  }

  private static WeakReference<org.jsoup.nodes.Document> search(CssSelector selector) {
    PageTree tree =
        PageTree.of(
            "<div><p>x</div>",
            false,
            Document.utf8(Objects.requireNonNull(Url.parse("https://a.test/")), List.of()),
            1 << 20);
    assertThat(selector.select(new RuledPage("", "", () -> tree, new RuleTime(() -> 0)), 1))
        .hasSize(1);
    return new WeakReference<>(tree.document());
  }

  @Test
  void valuesAreBoundedInNumberAndLength() {
    Rules rules = Rules.field("{ css: p, all: true }");
    Extracted many = Objects.requireNonNull(rules.on("<p>x</p>".repeat(1_000)));
    assertThat(rules.value("<p>x</p>".repeat(1_000))).hasSize(ExtractionRules.MAX_VALUES);
    assertThat(many.cut()).isTrue();
    Extracted few = Objects.requireNonNull(rules.on("<p>x</p>".repeat(100)));
    assertThat(few.cut()).isFalse();
    String longest = (String) rules.value("<p>" + "\u00e4".repeat(100_000)).getFirst();
    assertThat(longest).hasSize(RuledPage.MAX_VALUE_BYTES / 2);
  }

  @Test
  void markupOfNestedElementsIsBoundedAsAWhole() {
    Rules rules = Rules.field("{ css: div, as: html, all: true }");
    String page = "<div>".repeat(200) + "x".repeat(200_000);
    Extracted found = assertTimeoutPreemptively(LONG, () -> Objects.requireNonNull(rules.on(page)));
    assertThat(found.cut()).isTrue();
    assertThat(rules.value(page))
        .allSatisfy(value -> assertThat((String) value).hasSizeLessThanOrEqualTo(65_536))
        .hasSizeLessThanOrEqualTo(ExtractionRules.MAX_CHARACTERS / RuledPage.MAX_VALUE_BYTES);
  }

  @Test
  void aLoneSurrogateIsReplacedSinceUtf8CannotCarryIt() {
    String page =
        """
        <p title="a&#xD800;b">x&#xDC00;</p>
        <script type="application/ld+json">{"n": "\\ud800"}</script>
        """;
    for (String keys :
        List.of(
            "{ css: p, attr: title }", "{ css: p }", "{ css: p, as: html }", "{ json-ld: $.n }")) {
      assertThat(Rules.field(keys).value(page))
          .as(keys)
          .singleElement()
          .asString()
          .matches(value -> value.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF));
    }
  }
}
