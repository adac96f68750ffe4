package io.sluice.parser.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.sluice.parser.extract.PageTree;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ExtractionRulesTest {

  private static final String SHOP =
      """
      <html><head><base href="/shop/"><title>Lamp</title>
      <script type="application/ld+json">
      {"@context": "https://schema.org", "@type": "Product", "sku": "L-17", "image": ["a.jpg", "b.jpg"],
       "offers": {"price": 19.90, "inStock": true}}
      </script></head>
      <body><h1>Desk  <b>lamp</b></h1><p class=price>EUR 1.299,00<br>incl. VAT</p>
      <time datetime="2026-11-29 10:30:00+01:00">today</time>
      <a class=buy href="buy?id=1">Buy</a><img class=photo src=1.png><img class=photo src=/2.png>
      <p>ISBN 978-3-16, Weight: 1 250 g</p></body></html>
      """;

  @Test
  void fieldsAreFoundByCssXpathJsonLdAndRegex() {
    Rules rules =
        Rules.of(
            """
            extract:
              - match: "*.test"
                fields:
                  name:   { css: h1 }
                  price:  { css: .price, as: number }
                  buy:    { css: a.buy, attr: href, as: url }
                  photos: { css: img.photo, attr: src, as: url, all: true }
                  markup: { css: h1, as: html }
                  since:  { xpath: "//time/@datetime", as: date }
                  images: { xpath: "count(//img)", as: integer }
                  words:  { xpath: "string(//a)" }
                  sku:    { json-ld: $.sku }
                  amount: { json-ld: $.offers.price, as: number }
                  stock:  { json-ld: $.offers.inStock, as: boolean }
                  image:  { json-ld: $.image, all: true }
                  isbn:   { regex: 'ISBN ([0-9-]+)' }
                  id:     { regex: 'href="buy\\?id=(\\d+)"', in: html, as: integer }
            """);
    assertThat(rules.values(SHOP))
        .containsExactly(
            entry("name", List.of("Desk lamp")),
            entry("price", List.of(new BigDecimal("1299.00"))),
            entry("buy", List.of("https://a.test/shop/buy?id=1")),
            entry("photos", List.of("https://a.test/shop/1.png", "https://a.test/2.png")),
            entry("markup", List.of("<h1>Desk <b>lamp</b></h1>")),
            entry("since", List.of("2026-11-29T09:30:00Z")),
            entry("images", List.of(new BigDecimal(2))),
            entry("words", List.of("Buy")),
            entry("sku", List.of("L-17")),
            entry("amount", List.of(new BigDecimal("19.9"))),
            entry("stock", List.of(true)),
            entry("image", List.of("a.jpg", "b.jpg")),
            entry("isbn", List.of("978-3-16")),
            entry("id", List.of(new BigDecimal(1))));
    assertThat(rules.missing()).isEmpty();
  }

  @Test
  void textHasTheFormOfAPagesText() {
    assertThat(Rules.field("{ css: div }").value("<div>a  b<p>c<script>x</script></p>d<br>e</div>"))
        .containsExactly("a b\nc\nd\ne");
  }

  @Test
  void aPageWithoutAMatchingRuleHasNothing() {
    Rules rules =
        Rules.of(
            """
            extract:
              - { match: a.test, url: "/product/[0-9]+", fields: { f: { css: p } } }
            """);
    assertThat(rules.on("https://b.test/product/1", "<p>x</p>")).isNull();
    assertThat(rules.on("https://a.test/about", "<p>x</p>")).isNull();
    assertThat(rules.on("https://a.test/product/1", "<p>x</p>")).isNotNull();
    assertThat(rules.on("https://a.test/x?y=/product/12z", "<p>x</p>")).isNotNull();
  }

  @Test
  void whereSeveralRulesGiveAFieldTheFirstThatFindsItCounts() {
    Rules rules =
        Rules.of(
            """
            extract:
              - { name: special, url: /dir/, fields: { price: { css: .new }, sku: { css: .sku } } }
              - { name: general, match: "*.test", fields: { price: { css: .old }, more: { css: i } } }
            """);
    Extracted first = Objects.requireNonNull(rules.on("<b class=new>1</b><b class=old>2</b>"));
    assertThat(first.fields().keySet()).containsExactly("price", "sku", "more");
    assertThat(first.rules()).containsExactly(entry("price", "special"));
    Extracted second = Objects.requireNonNull(rules.on("<b class=old>2</b><i>3</i>"));
    assertThat(second.rules()).containsExactly(entry("price", "general"), entry("more", "general"));
  }

  @Test
  void aFieldThatIsNotFoundIsCountedForItsRule() {
    Rules rules =
        Rules.of(
            """
            extract:
              - match: a.test
                fields: { a: { css: a }, b: { css: b, as: number }, c: { xpath: "//i/@x" } }
            """);
    assertThat(rules.values("<a>x</a><b>none</b>")).containsEntry("b", List.of());
    assertThat(rules.missing()).containsExactly("a.test b", "a.test c");
  }

  @Test
  void jsonLdIsLookedForInEveryObjectOfEveryScript() {
    Rules rules = Rules.field("{ json-ld: $.name, all: true }");
    assertThat(
            rules.value(
                """
                <script type="application/ld+json">{"@graph": [{"name": "a"}, {"name": "b"}]}</script>
                <script type="application/ld+json">this is not JSON {</script>
                <script type="application/json">{"name": "not linked data"}</script>
                <script type=" Application/LD+JSON; charset=utf-8">[{"name": "c"}, 7, [{"name": 8}]]</script>
                """))
        .containsExactly("a", "b", "c", "8");
  }

  @Test
  void aJsonPathMayChooseObjectsByTheirType() {
    Rules rules = Rules.field("{ json-ld: \"$[?(@['@type'] == 'Product')].name\" }");
    assertThat(
            rules.value(
                """
                <script type="application/ld+json">[{"@type": "Organization", "name": "Shop"},
                  {"@type": "Product", "name": "Lamp"}]</script>
                """))
        .containsExactly("Lamp");
  }

  @Test
  void aRuleThatFailsCostsThePageNothingElse() {
    Rules rules =
        Rules.of("extract: [{ match: a.test, fields: { f: { css: p }, g: { regex: 'x+' } } }]");
    Supplier<PageTree> failing =
        () -> {
          throw new IllegalStateException("a library's own mistake");
        };
    Supplier<PageTree> overflowing =
        () -> {
          throw new StackOverflowError();
        };
    for (Supplier<PageTree> tree : List.of(failing, overflowing)) {
      Extracted found = rules.withoutTree("<p>xx", tree);
      assertThat(Rules.valuesOf(found, "f")).isEmpty();
      assertThat(Rules.valuesOf(found, "g")).containsExactly("xx");
      assertThat(found.cut()).as("is told as incomplete").isTrue();
    }
    assertThat(rules.missing()).containsExactly("a.test f", "a.test f");
  }

  @Test
  void whatAnAttributeLacksOrHasEmptyIsMissing() {
    Rules rules = Rules.field("{ css: a, attr: href, as: url, all: true }");
    assertThat(rules.value("<a>1</a><a href=''>2</a><a href='mailto:x@y.z'>3</a>")).isEmpty();
  }
}
