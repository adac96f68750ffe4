package io.sluice.core.config;

import static io.sluice.core.config.ConfigFiles.MINIMAL;
import static io.sluice.core.config.ConfigFiles.problems;
import static io.sluice.core.config.ConfigFiles.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.url.Url;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtractRulesTest {

  @TempDir private Path dir;

  @Test
  void aRuleHasAHostPatternAUrlPatternOrBothAndNamedFields() throws IOException {
    List<ExtractRule> rules =
        rules(
            """
            extract:
              - match: "*.Example.org"
                fields:
                  photos: { css: img, attr: src, as: url, all: true }
                  title: { regex: "<h1>(.*)</h1>", in: html }
              - { name: news, url: "/news/", fields: { when: { xpath: //time, as: date } } }
            """);
    assertThat(rules).extracting(ExtractRule::name).containsExactly("*.example.org", "news");
    assertThat(rules.getFirst().fields())
        .containsExactly(
            new ExtractField(
                "photos",
                ExtractField.Language.CSS,
                "img",
                "src",
                false,
                ExtractField.Type.URL,
                true),
            new ExtractField(
                "title",
                ExtractField.Language.REGEX,
                "<h1>(.*)</h1>",
                null,
                true,
                ExtractField.Type.TEXT,
                false));
  }

  @Test
  void aRuleMatchesAHostAtItsDots() throws IOException {
    List<ExtractRule> rules =
        rules(
            """
            extract:
              - { match: "*.a.test", fields: { f: { css: p } } }
              - { match: a.test, url: "[?]id=[0-9]+$", fields: { f: { css: p } } }
              - { url: /p, fields: { f: { css: p } } }
            """);
    ExtractRule below = rules.getFirst();
    assertThat(below.matchesHost(url("https://a.test/"))).isTrue();
    assertThat(below.matchesHost(url("https://x.a.test/"))).isTrue();
    assertThat(below.matchesHost(url("https://xa.test/"))).isFalse();
    assertThat(below.matchesHost(url("https://test/"))).isFalse();
    ExtractRule exact = rules.get(1);
    assertThat(exact.url()).isEqualTo("[?]id=[0-9]+$");
    assertThat(exact.matchesHost(url("https://a.test/"))).isTrue();
    assertThat(exact.matchesHost(url("https://x.a.test/"))).isFalse();
    assertThat(rules.getLast().matchesHost(url("https://b.test/"))).as("any host").isTrue();
  }

  @Test
  void mistakesAreReportedWithTheirLineAndKey() throws IOException {
    assertThat(
            problems(
                dir,
                MINIMAL
                    + """
                    extract:
                      - fields: { f: { css: p } }
                      - match: a.test
                      - { match: a.test, fields: {} }
                      - match: a.test
                        fields:
                          a: { csss: p }
                          b: { css: p, xpath: //p }
                          c: { xpath: //p, attr: href }
                          d: { css: p, in: html }
                          e: { json-ld: $.a, as: html }
                          f: { css: p, as: numbr }
                          g: .price
                          7up: { css: p }
                          h: { css: p, all: yes }
                        feilds: {}
                    """))
        .containsExactly(
            "crawler.yaml:5: extract[0]: must have match (a host pattern), url (a regular"
                + " expression), or both",
            "crawler.yaml:6: extract[1].fields: is required: a mapping of names to one of css,"
                + " xpath, json-ld and regex, and any of attr, in, as, all",
            "crawler.yaml:7: extract[2].fields: is required: a mapping of names to one of css,"
                + " xpath, json-ld and regex, and any of attr, in, as, all",
            "crawler.yaml:10: extract[3].fields.a: must have exactly one of css, xpath, json-ld and"
                + " regex",
            "crawler.yaml:10: extract[3].fields.a.csss: there is no such key; did you mean"
                + " extract[3].fields.a.css?",
            "crawler.yaml:11: extract[3].fields.b: must have exactly one of css, xpath, json-ld and"
                + " regex",
            "crawler.yaml:12: extract[3].fields.c.attr=href: is allowed with css only; in XPath"
                + " write /@name",
            "crawler.yaml:13: extract[3].fields.d.in=html: is allowed with regex only; remove it",
            "crawler.yaml:14: extract[3].fields.e.as=html: is allowed with css and xpath only, and"
                + " not with attr; use text",
            "crawler.yaml:15: extract[3].fields.f.as=numbr: must be one of text, number, integer,"
                + " boolean, url, date, html; remove it to use text",
            "crawler.yaml:16: extract[3].fields.g: must be a mapping of keys to values",
            "crawler.yaml:16: extract[3].fields.g: must have exactly one of css, xpath, json-ld and"
                + " regex",
            "crawler.yaml:17: extract[3].fields.7up: the field's name must be at most 63 letters,"
                + " digits, hyphens and underscores, and must not begin with a digit or hyphen",
            "crawler.yaml:18: extract[3].fields.h.all=yes: must be true or false; remove it to use"
                + " false",
            "crawler.yaml:19: extract[3].feilds: there is no such key; did you mean"
                + " extract[3].fields?");
  }

  @Test
  void anExpressionThatDoesNotCompileIsRefusedAsItsLanguageSays() throws IOException {
    Path file = dir.resolve("crawler.yaml");
    valid(dir, MINIMAL + "extract: [{ match: a.test, fields: { f: { css: 'p[' } } }]");
    LoadResult result =
        ConfigLoader.load(
            file, Map.of(), 1, (language, text) -> language.key() + " ends early in " + text);
    assertThat(result)
        .isInstanceOfSatisfying(
            LoadResult.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .singleElement()
                    .asString()
                    .endsWith(
                        "crawler.yaml:4: extract[0].fields.f.css=p[: is not a CSS selector: css"
                            + " ends early in p["));
  }

  private List<ExtractRule> rules(String yaml) throws IOException {
    return valid(dir, MINIMAL + yaml).extract();
  }

  private static Url url(String text) {
    return Objects.requireNonNull(Url.parse(text));
  }
}
