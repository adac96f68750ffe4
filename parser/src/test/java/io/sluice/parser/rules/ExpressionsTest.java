package io.sluice.parser.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "css     | 'p['              | is not a CSS selector: ",
        "css     | 'p:nonsense(1)'   | is not a CSS selector: ",
        "xpath   | '//p['            | is not an XPath 1.0 expression: ",
        "xpath   | 'document(\"x\")' | is not an XPath 1.0 expression: ",
        "xpath   | '//x:p'           | is not an XPath 1.0 expression: ",
        "xpath   | '//p[@id=$x]'    | is not an XPath 1.0 expression: ",
        "json-ld | 'sku'             | is not a JSON path such as $.offers.price: it must begin",
        "json-ld | '$.a['            | is not a JSON path such as $.offers.price: ",
        "json-ld | '$[?(@.a =~ /a+/)]' | is not a JSON path such as $.offers.price: regular",
        "regex   | '(a'              | is not a regular expression in RE2 syntax: ",
        "regex   | '(a)\\1'          | is not a regular expression in RE2 syntax: "
      })
  void anExpressionThatDoesNotCompileIsToldWithLineKeyAndReason(
      String language, String expression, String reason) {
    List<String> problems =
        Rules.problems(
            """
            extract:
              - match: a.test
                fields:
                  good: { css: p }
                  bad:  { %s: '%s' }
            """
                .formatted(language, expression));
    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith("5: extract[0].fields.bad." + language + "=" + expression + ": " + reason)
        .doesNotContain("\n");
  }

  @Test
  void aPatternOfUrlsThatDoesNotCompileIsToldOfTooAndAGlobIsRecognised() {
    assertThat(
            Rules.problems(
                """
                extract:
                  - { url: '(?=a)', fields: { f: { css: p } } }
                  - { url: '*/a', fields: { f: { css: p } } }
                """))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith(
                        "2: extract[0].url=(?=a): is not a regular expression in RE2 syntax"),
            second ->
                assertThat(second)
                    .startsWith("3: extract[1].url=*/a: is not a regular expression in RE2 syntax")
                    .contains("it looks like a glob"));
  }
}
