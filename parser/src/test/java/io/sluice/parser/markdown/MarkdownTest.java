package io.sluice.parser.markdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sluice.parser.extract.PageTree;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Markdown as a CommonMark parser reads it. */
class MarkdownTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private static String markdown(String html) {
    return MarkdownOracle.markdown(html, 1 << 20).value();
  }

  @Test
  void headingsParagraphsAndInlinesComeBack() {
    String html =
        """
        <h1>Title</h1>
        <p>Some <strong>bold</strong>, <em>emphasised</em> and <code>inline code</code> text.<br />
        A <a href="https://a.test/dir/x?a=1&amp;b=2">link</a> and <img src="https://a.test/i.png" \
        alt="an image" />.</p>
        <hr />
        <blockquote>
        <p>Said</p>
        </blockquote>\
        """;
    assertThat(MarkdownOracle.again(html)).isEqualTo(html);
  }

  @Test
  void nestedListsKeepTheirNumbersAndDepth() {
    String html =
        """
        <ul>
        <li>One
        <ol start="9">
        <li>nine</li>
        <li>ten</li>
        </ol>
        </li>
        <li>Two
        <ul>
        <li>deep</li>
        </ul>
        </li>
        </ul>\
        """;
    assertThat(MarkdownOracle.again(html.replaceAll("\\n(?=<(ul|ol))", "")).replaceAll("</?p>", ""))
        .isEqualToIgnoringWhitespace(html);
  }

  @Test
  void listsInARowStayApart() {
    assertThat(MarkdownOracle.again("<ul><li>a</ul><ul><li>b</ul>").split("<ul>")).hasSize(3);
    assertThat(MarkdownOracle.again("<ol><li>a</ol><ol><li>b</ol>").split("<ol>")).hasSize(3);
  }

  @Test
  void aCodeBlockHasItsLanguageAndAFenceLongerThanAnyInIt() {
    assertThat(markdown("<pre><code class='hljs language-java'>int x;\n\n  ```\n</code></pre>"))
        .isEqualTo("````java\nint x;\n\n  ```\n````");
    assertThat(
            markdown(
                "<div class='highlight-python notranslate'><div"
                    + " class=highlight><pre><span>import</span> os\n"
                    + "</pre>"))
        .isEqualTo("```python\nimport os\n```");
    assertThat(markdown("<pre>a<br>b</pre>")).isEqualTo("```\na\nb\n```");
  }

  @Test
  void aTableHasItsFirstRowAsHeaderAndIsAsWideAsItsLongestRow() {
    assertThat(
            markdown(
                """
                <table><caption>Sizes</caption><thead><tr><th>Name<th>Size</thead>
                <tr><td>a|b<td><code>1</code><td>more<tr><td><p>x</p><p>y</p><td>2</table>
                """))
        .isEqualTo(
            """
            Sizes

            |Name|Size||
            |---|---|---|
            |a\\|b|`1`|more|
            |x y|2|\
            """);
  }

  @Test
  void aTableForLayoutIsTakenApart() {
    assertThat(
            markdown("<table><tr><td><ul><li>menu</ul><td><table><tr><td>1<td>2</table></table>"))
        .isEqualTo("- menu\n\n|1|2|\n|---|---|");
    assertThat(markdown("<table><tr><td>only<tr><td>one</table>")).isEqualTo("only\n\none");
  }

  @Test
  void linksAreAbsoluteAndOthersAreTheirText() {
    assertThat(markdown("<base href=/b/><a href=x>a</a> <a href=javascript:x>b</a> <a>c</a>"))
        .isEqualTo("[a](https://a.test/b/x) b c");
    assertThat(markdown("<img src='data:image/png;base64,' alt='a chart'>")).isEqualTo("a chart");
    assertThat(markdown("<a href=/x><h3>T</h3><p>text</p></a>"))
        .isEqualTo("### [T](https://a.test/x)\n\n[text](https://a.test/x)");
  }

  @Test
  void textThatLooksLikeMarkdownStaysText() {
    for (String text :
        new String[] {
          "# no heading", "- no item", "+ no item", "* no item", "1. no item", "1986) no item",
          "> no quote", "*no* __emphasis__", "[no](link)", "![no](image)", "`no code`", "~~no~~",
          "&amp;lt; &amp;#64;", "&lt;b>no tag&lt;/b>", "\\*", "--- no rule", "a_b_c and _x_", "```"
        }) {
      assertThat(MarkdownOracle.again("<p>" + text + "</p>"))
          .as(text)
          .isEqualTo("<p>" + text.replace(">", "&gt;") + "</p>");
    }
    assertThat(MarkdownOracle.again("<p>a<br>===<br>-<br>| b |<br>|---|"))
        .isEqualTo("<p>a<br />\n===<br />\n-<br />\n| b |<br />\n|---|</p>");
    assertThat(markdown("<p>snake_case")).isEqualTo("snake_case");
  }

  @Test
  void emphasisThatCannotBeMarkedIsDropped() {
    assertThat(markdown("<b> a </b>b<b>c</b>d")).isEqualTo("**a** b**c**d");
    assertThat(markdown("<b>Note:</b>this, <b></b><i> </i>and <b>x</b><i>y</i>"))
        .isEqualTo("Note:this, and **x**y");
    assertThat(markdown("<b>x <code>y</code></b> <i><b>z</b></i>")).isEqualTo("**x `y` z**");
  }

  @Test
  void aCommonMarkParserReadsTheStructureThatWasBuilt() {
    for (int seed = 0; seed < 2_000; seed++) {
      String page = new RandomPages(seed).page();
      assertThat(MarkdownOracle.read(page))
          .as("seed %d: %s", seed, page)
          .isEqualTo(MarkdownOracle.built(page));
    }
  }

  @Test
  void whatIsTooLongIsCutAndWhatIsLeftIsWhole() {
    String page = "<p>x</p><pre>" + "code\n".repeat(1_000) + "</pre><p>behind";
    PageTree.Text cut = MarkdownOracle.markdown(page, 400);
    assertThat(cut.cut()).isTrue();
    assertThat(cut.value()).startsWith("x\n\n```\ncode\n").endsWith("\n```");
    assertThat(MarkdownOracle.markdown("<p>x", 400).cut()).isFalse();
  }

  @Test
  void noPageMakesItLongerThanItsBound() {
    String deep = "<blockquote>".repeat(500) + "<pre>" + "a\n".repeat(100_000);
    String lists = "<ul><li>".repeat(500) + "*".repeat(200_000);
    String wide = "<table>" + "<tr><td>a".repeat(2_000) + "<tr>" + "<td>b".repeat(2_000);
    String nested = "<table><tr><td>a<td>".repeat(200) + "x".repeat(1_000);
    String inlines = "<b><a href=/x><code>`</code>".repeat(20_000);
    for (String page : new String[] {deep, lists, wide, nested, inlines}) {
      PageTree.Text text =
          assertTimeoutPreemptively(LONG, () -> MarkdownOracle.markdown(page, 1 << 16));
      assertThat(text.value().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(1 << 16);
      assertThat(text.value()).isNotEmpty();
    }
  }

  @Test
  void spacesInCodeLongClassesAndManyStylesTakeLinearTime() {
    String spaces = "<pre>a" + " ".repeat(1 << 19) + "b</pre>";
    String classes =
        "<div class='" + "lang- ".repeat(1 << 18) + "'>" + "<pre>x</pre>".repeat(1 << 14);
    String styles = "<p>" + "x".repeat(1 << 22) + "a<b>.</b>".repeat(1 << 16);
    for (String page : List.of(spaces, classes, styles)) {
      PageTree.Text text =
          assertTimeoutPreemptively(LONG, () -> MarkdownOracle.markdown(page, 1 << 24));
      assertThat(text.value()).isNotEmpty();
    }
  }
}
