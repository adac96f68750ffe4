package io.sluice.parser.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.ExtractField;
import io.sluice.core.config.ExtractField.Language;
import io.sluice.core.config.ExtractRule;
import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.parser.addition.AdditionReader;
import io.sluice.parser.extract.Wanted;
import io.sluice.parser.jsonl.PrettyPage;
import io.sluice.parser.language.LanguageDetector;
import io.sluice.parser.rules.ExtractionRules;
import io.sluice.parser.sink.ParsedPage;
import io.sluice.parser.sink.TestPages;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operator's fields in a page's line, and the metric of missing fields. */
class ExtractedFieldsTest {

  private static final String HTML = "<p class=price>12.50</p><a href=x>x</a>";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final PageParser parser = parser(rule());

  @AfterEach
  void close() {
    parser.close();
  }

  private PageParser parser(ExtractRule... rules) {
    ParserMetrics metrics = new ParserMetrics(registry);
    AdditionReader additions =
        new AdditionReader(
            ExtractionRules.compile(List.of(rules), metrics::missingField),
            AdditionReader.Texts.NONE,
            64 << 20,
            null);
    return new PageParser(1 << 20, TestPages.BOUNDS, additions, false, () -> {});
  }

  private static ExtractRule rule() {
    return new ExtractRule(
        "shop",
        "a.test",
        null,
        List.of(
            field("price", ".price", ExtractField.Type.NUMBER, false),
            field("old", ".old", ExtractField.Type.NUMBER, false),
            field("tags", ".tag", ExtractField.Type.TEXT, true)));
  }

  private static ExtractField field(String name, String css, ExtractField.Type type, boolean all) {
    return new ExtractField(name, Language.CSS, css, null, false, type, all);
  }

  @Test
  void aLineHasTheFieldsThatWereFoundAndNullForOthers() {
    String line = PrettyPage.of(parser.parse(TestPages.html(1, HTML)));
    assertThat(line.replaceAll("\\s+", " "))
        .contains("\"extracted\" : { \"price\" : 12.50, \"old\" : null, \"tags\" : [ ] }")
        .contains("\"extracted_by\" : { \"price\" : \"shop\" }");
  }

  @Test
  void aMissingFieldIsCountedByRuleAndFieldAndTheCountersAreThereFromTheStart() {
    assertThat(missing("price")).isZero();
    parser.parse(TestPages.html(1, HTML));
    parser.parse(TestPages.html(2, HTML));
    assertThat(missing("price")).isZero();
    assertThat(missing("old")).isEqualTo(2);
  }

  private double missing(String field) {
    return registry
        .get("sluice.parser.extract.missing")
        .tags("rule", "shop", "field", field)
        .counter()
        .count();
  }

  @Test
  void errorPagesAndWhatIsNotHtmlHaveNoFields() {
    List<Header> html = List.of(new Header("Content-Type", "text/html"));
    List<Header> plain = List.of(new Header("Content-Type", "text/plain"));
    for (Page page :
        List.of(TestPages.page(1, 404, HTML, html), TestPages.page(2, 200, HTML, plain))) {
      ParsedPage parsed = parser.parse(page);
      assertThat(parsed.additions().extracted()).isNull();
      assertThat(PrettyPage.of(parsed)).doesNotContain("extracted");
    }
    assertThat(missing("old")).isZero();
  }

  @Test
  void xhtmlAndPagesWithALateEncodingHaveFieldsToo() {
    String xhtml =
        "<html xmlns='http://www.w3.org/1999/xhtml'><body><p class='price'>3</p></body></html>";
    ParsedPage xml =
        parser.parse(
            TestPages.page(
                1, 200, xhtml, List.of(new Header("Content-Type", "application/xhtml+xml"))));
    assertThat(PrettyPage.of(xml)).contains("\"price\" : 3");
    String late =
        "<!--" + " ".repeat(2_000) + "--><meta charset=iso-8859-2><p class=price>4 \u00e4</p>";
    ParsedPage again =
        parser.parse(
            TestPages.page(2, 200, late, List.of(new Header("Content-Type", "text/html"))));
    assertThat(PrettyPage.of(again)).contains("\"price\" : 4");
  }

  @Test
  void aPageWhoseTreeDoesNotFitSaysThatItsFieldsMayBeIncomplete() {
    ParserMetrics metrics = new ParserMetrics(registry);
    AdditionReader little =
        new AdditionReader(
            ExtractionRules.compile(List.of(rule()), metrics::missingField),
            AdditionReader.Texts.NONE,
            1 << 20,
            null);
    try (PageParser tight = new PageParser(8 << 20, TestPages.BOUNDS, little, false, () -> {})) {
      ParsedPage page = tight.parse(TestPages.html(1, "<p>x".repeat(100_000) + HTML));
      assertThat(PrettyPage.of(page)).contains("\"price\" : null").contains("\"extracted\" ],");
    }
  }

  @Test
  void anXpathForAnotherHostTakesNoRoomOfAPagesTree() {
    ExtractField xpath =
        new ExtractField("x", Language.XPATH, "//p", null, false, ExtractField.Type.TEXT, false);
    ExtractRule here = new ExtractRule("here", "a.test", null, List.of(xpath));
    ExtractRule elsewhere = new ExtractRule("elsewhere", "b.test", null, List.of(xpath));
    int paragraphs = 1_000;
    while (!isCut(2 * paragraphs, rule())) {
      paragraphs *= 2;
    }
    assertThat(isCut(paragraphs, rule(), elsewhere)).isFalse();
    assertThat(isCut(paragraphs, rule(), here)).isTrue();
  }

  private boolean isCut(int paragraphs, ExtractRule... rules) {
    AdditionReader reader =
        new AdditionReader(
            ExtractionRules.compile(List.of(rules), (_, _) -> () -> {}),
            AdditionReader.Texts.NONE,
            8 << 20,
            null);
    try (PageParser tight = new PageParser(8 << 20, TestPages.BOUNDS, reader, false, () -> {})) {
      ParsedPage page = tight.parse(TestPages.html(1, "<p>x".repeat(paragraphs)));
      return Objects.requireNonNull(page.additions().extracted()).cut();
    }
  }

  @Test
  void theMainTextAndItsMarkdownStandDirectlyBehindTheText() {
    AdditionReader reader =
        new AdditionReader(
            ExtractionRules.compile(List.of(), (_, _) -> () -> {}),
            new AdditionReader.Texts(true, true, 100),
            8 << 20,
            null);
    try (PageParser both =
        new PageParser(8 << 20, TestPages.BOUNDS.with(Wanted.ALL), reader, false, () -> {})) {
      assertThat(PrettyPage.of(both.parse(TestPages.html(1, "<main><b>x</b></main>"))).lines())
          .containsSubsequence(
              "  \"text\" : \"x\",",
              "  \"main_text\" : \"x\",",
              "  \"markdown\" : \"**x**\",",
              "  \"canonical\" : null,");
      assertThat(PrettyPage.of(both.parse(TestPages.html(1, "<main>" + "<p>x".repeat(99)))))
          .contains("\"main_text\", \"markdown\" ]");
    }
  }

  @Test
  void theDetectedLanguageStandsBehindTheDeclaredOneAndIsNullWhereItIsNotClear() {
    AdditionReader reader =
        new AdditionReader(
            ExtractionRules.compile(List.of(), (_, _) -> () -> {}),
            AdditionReader.Texts.NONE,
            8 << 20,
            new LanguageDetector());
    String english =
        "The crawler reads a page, and then it writes what it has found to a file. If the server"
            + " does not answer, it waits for a while and tries again.";
    try (PageParser detecting =
        new PageParser(8 << 20, TestPages.BOUNDS, reader, false, () -> {})) {
      assertThat(PrettyPage.of(detecting.parse(TestPages.html(1, "<html lang=de>" + english))))
          .contains("\"language\" : \"de\",\n  \"detected_language\" : \"en\",");
      assertThat(PrettyPage.of(detecting.parse(TestPages.html(1, "<p>Hi"))))
          .contains("\"detected_language\" : null,");
    }
    assertThat(PrettyPage.of(parser.parse(TestPages.html(1, HTML))))
        .doesNotContain("detected_language");
  }

  @Test
  void anXpathThatCannotBeEvaluatedCostsThePageNothingElse() {
    ExtractField unknown =
        new ExtractField(
            "x", Language.XPATH, "//p[@id=$x]", null, false, ExtractField.Type.TEXT, false);
    ExtractRule failing = new ExtractRule("failing", "a.test", null, List.of(unknown));
    try (PageParser failed = parser(failing, rule())) {
      ParsedPage page = failed.parse(TestPages.html(1, HTML));
      assertThat(page.extract().links()).hasSize(1);
      assertThat(PrettyPage.of(page).replaceAll("\\s+", " "))
          .contains("\"extracted\" : { \"x\" : null, \"price\" : 12.50");
    }
  }
}
