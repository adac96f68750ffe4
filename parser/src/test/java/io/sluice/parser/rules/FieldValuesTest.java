package io.sluice.parser.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sluice.core.url.Url;
import io.sluice.parser.encoding.Encoding;
import io.sluice.parser.extract.Document;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldValuesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$1,299.00            | 1299.00",
        "EUR 1.299,00         | 1299.00",
        "1.299.000            | 1299000",
        "from 1 299,50 €      | 1299.50",
        "CHF 12’500.05        | 12500.05",
        "1,299                | 1299",
        "12,5 %               | 12.5",
        "1.299                | 1.299",
        "-3 or less           | -3",
        "−4.5 °C              | -4.5",
        "2026 11 29           | 2026",
        "7 days, 24 hours     | 7",
        "1.2.3,4,5            | ",
        "1.2.3                | ",
        "10.5.2024            | ",
        "SKU-1299             | 1299",
        "10-20                | 10",
        "from -3              | -3",
        "none                 | ",
        "11111111111111111111111111111111111111111 | "
      })
  void numbersAreReadAsPeopleWriteThem(String text, @Nullable String number) {
    assertThat(Rules.field("{ css: p, as: number }").value("<p>" + text))
        .isEqualTo(number == null ? List.of() : List.of(new BigDecimal(number)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-11-29                      | 2026-11-29",
        "2026-11-29T10:30                | 2026-11-29T10:30:00",
        "2026-11-29 10:30:01             | 2026-11-29T10:30:01",
        "2026-11-29T10:30:00+02:00       | 2026-11-29T08:30:00Z",
        "2026-11-29T10:30:00.5+0200      | 2026-11-29T08:30:00.500Z",
        "2026-11-29 10:30:00 +0200       | 2026-11-29T08:30:00Z",
        "Sun, 29 Nov 2026 10:30:00 GMT   | 2026-11-29T10:30:00Z",
        "2026-02-30                      | ",
        "11/29/2026                      | ",
        "yesterday                       | "
      })
  void datesAreReadWhereNothingHasToBeGuessed(String text, @Nullable String date) {
    assertThat(Rules.field("{ css: p, as: date }").value("<p>" + text))
        .isEqualTo(date == null ? List.of() : List.of(date));
  }

  @Test
  void aTextFullOfDigitsTakesTimeInProportion() {
    Rules rules = Rules.field("{ css: p, as: number }");
    String page = "<p>1" + " 234".repeat(16_000);
    assertThat(assertTimeoutPreemptively(Duration.ofSeconds(5), () -> rules.value(page))).isEmpty();
  }

  @Test
  void anXpathThatCountsGivesAWholeNumber() {
    assertThat(Rules.field("{ xpath: count(//li) }").value("<li>a<li>b<li>c")).containsExactly("3");
    assertThat(Rules.field("{ xpath: count(//li) div 2 }").value("<li>a")).containsExactly("0.5");
  }

  @Test
  void aUrlIsResolvedAsLinksAre() {
    Rules rules = Rules.field("{ css: i, attr: data-u, as: url }");
    Url url = Objects.requireNonNull(Url.parse("https://a.test/"));
    Encoding windows = Encoding.WINDOWS_1252;
    String page = "<template><base href=/no/></template><base href=/yes/><i data-u='x?q=\u00e4'>";
    Extracted found =
        Objects.requireNonNull(rules.on(new Document(url, 0, List.of(), windows), page, false));
    assertThat(Rules.valuesOf(found, "f")).containsExactly("https://a.test/yes/x?q=%E4");
  }

  @Test
  void jsonLdIsFoundInXhtml() {
    String page =
        "<html xmlns='http://www.w3.org/1999/xhtml'><head><script type='application/ld+json'>"
            + "{\"sku\": \"a\"}</script></head><body/></html>";
    Url url = Objects.requireNonNull(Url.parse("https://a.test/"));
    Extracted found =
        Objects.requireNonNull(
            Rules.field("{ json-ld: $.sku }").on(Document.utf8(url, List.of()), page, true));
    assertThat(Rules.valuesOf(found, "f")).containsExactly("a");
  }

  @Test
  void anIntegerHasNoFraction() {
    Rules rules = Rules.field("{ css: p, as: integer, all: true }");
    assertThat(rules.value("<p>3.0<p>4.5<p>1,000 pieces"))
        .containsExactly(new BigDecimal(3), new BigDecimal(1000));
  }

  @Test
  void aBooleanIsOneOfEightWords() {
    Rules rules = Rules.field("{ css: p, as: boolean, all: true }");
    assertThat(rules.value("<p>Yes<p>maybe<p>0<p>off<p>TRUE"))
        .containsExactly(true, false, false, true);
  }

  @Test
  void jsonNumbersWithExponentsAreBounded() {
    Rules rules = Rules.field("{ json-ld: \"$.n[*]\", as: number, all: true }");
    assertThat(
            rules.value(
                "<script type='application/ld+json'>{'n': [1.5e3, 1e99999999, -7]}</script>"
                    .replace('\'', '"')))
        .containsExactly(new BigDecimal("1500.0"), new BigDecimal(-7));
  }
}
