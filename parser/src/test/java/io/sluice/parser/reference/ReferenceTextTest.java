package io.sluice.parser.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReferenceTextTest {

  /** Examples from WPT's parse-a-srcset-attribute, and commas as sites use them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a | a",
        "a 1x, b 2x | a b",
        "a,b | a,b",
        "a, b | a b",
        "a 1x,b 2x | a b",
        ",,a 100w,, b | a b",
        "a 1x,,,b | a b",
        "a (1x, c), b | a b",
        "/w=1,h=2/a.png 1x, /b | /w=1,h=2/a.png /b",
        "` ` |",
        "`,` |",
      })
  void candidatesOfASrcsetArePartedByCommasAndSpaces(String value, String urls) {
    List<String> found = new ArrayList<>();
    SrcSet.urls(value, found::add);
    assertThat(String.join(" ", found)).isEqualTo(urls == null ? "" : urls);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a{b:url(c.png)} | c.png",
        "a{b:URL( 'c d.png' )} e{f:url(\"g\")} | c d.png g",
        "/* url(no) */ a{b:url(c)} | c",
        "a{content:'url(no)'} b{c:url(d)} | d",
        "a{b:url(c\\29 d\\)e)} | c)d)e",
        "a{b:curl(no)} | ``",
        "a{b:url()} | ``",
        "a{b:url(a b) c:url( d )} | d",
        "a{b:url(c | c",
        "a{b:url('c | c",
        "a{b:url(\\0)} | \uFFFD",
        "@import url(x.css);@font-face{src:url(y)format('z')} | x.css y",
      })
  void urlsOfAStyleSheetAreThoseOfItsUrlTokens(String css, String urls) {
    List<String> found = new ArrayList<>();
    CssUrls.urls(css, found::add);
    assertThat(String.join(" ", found)).isEqualTo(urls);
  }

  @Test
  void stringsOfJsonLdComeWithTheirNamesUpToTheFirstMistake() {
    List<String> found = new ArrayList<>();
    JsonLd.strings(
        "{\"@context\":\"https://schema.org\",\"a\":[\"b\",{\"c\":\"d\"}],\"e\":1} x \"f\"",
        (name, value) -> found.add(name + "=" + value));
    assertThat(found).containsExactly("a=b", "c=d");
  }

  @Test
  void contextsArePassedOverAndANameEndsWithItsMember() {
    List<String> found = new ArrayList<>();
    JsonLd.strings(
        "{\"@context\":{\"dc\":\"http://purl.org/dc/terms/\"},\"@contexts\":\"a\",\"b\":"
            + "[\"c\",{\"@type\":\"d\"},\"e\",[\"f\"]]}",
        (name, value) -> found.add(name + "=" + value));
    assertThat(found).containsExactly("@contexts=a", "b=c", "@type=d", "b=e", "b=f");
  }

  @Test
  void deepJsonLdEndsWhereItsNestingIsTooDeep() {
    List<String> found = new ArrayList<>();
    JsonLd.strings("[\"a\"," + "[".repeat(1_000_000) + "\"b\"", (name, value) -> found.add(value));
    assertThat(found).containsExactly("a");
  }

  @Test
  void vocabulariesOfJsonLdAreNotUrlsOfPages() {
    assertThat(JsonLd.isUrl("@context", "https://schema.org")).isFalse();
    assertThat(JsonLd.isUrl("@type", "https://schema.org/Article")).isFalse();
    assertThat(JsonLd.isUrl("sameAs", "https://a.test/")).isTrue();
    assertThat(JsonLd.isUrl("url", "/relative")).isFalse();
  }
}
