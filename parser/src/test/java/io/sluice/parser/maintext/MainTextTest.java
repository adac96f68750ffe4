package io.sluice.parser.maintext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sluice.core.url.Url;
import io.sluice.parser.extract.Document;
import io.sluice.parser.extract.PageTree;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MainTextTest {

  private static final Url URL = Objects.requireNonNull(Url.parse("https://a.test/page"));

  private static String main(String html) {
    return text(html, 1 << 20).value();
  }

  private static PageTree.Text text(String html, int maxBytes) {
    return MainText.of(
        PageTree.of(html, false, Document.utf8(URL, List.of()), 256 << 20), maxBytes);
  }

  @Test
  void theOnlyMainElementIsThePlace() {
    assertThat(
            main(
                """
                <header>Site</header><nav><a href=a>A</a></nav>
                <main><h1>Title</h1><p>Some <b>text</b>.</p><aside>See also</aside></main>
                <footer>Imprint</footer>
                """))
        .isEqualTo("Title\nSome text.");
    assertThat(main("<div>Around</div><div role=main><p>Within</p></div>")).isEqualTo("Within");
  }

  @Test
  void anArticlesHeaderHasItsTitleAndIsKept() {
    assertThat(main("<header>Site</header><article><header>Title</header>Text</article>Beside"))
        .isEqualTo("Title\nText");
  }

  @Test
  void ofSeveralArticlesNoneIsThePlace() {
    assertThat(main("<nav>Menu</nav><article>One</article><article>Two</article>"))
        .isEqualTo("One\nTwo");
  }

  @Test
  void withoutLandmarksIdsAndClassesTell() {
    assertThat(
            main(
                """
                <div id="page-header"><p class="menu">Home</p></div>
                <div class="sphinx-sidebar left">Contents</div>
                <div class="content"><p>Text of the page.</p></div>
                <div id="footer">2026</div>
                """))
        .isEqualTo("Text of the page.");
    assertThat(main("<p class=navigate>A word within a word is another word.</p>"))
        .startsWith("A word");
  }

  @Test
  void withoutLandmarksBlocksOfLinksAreLeftOut() {
    assertThat(
            main(
                """
                <ul><li><a href=1>First</a><li><a href=2>Second</a><li><a href=3>Third</a></ul>
                <p>A paragraph with <a href=4>a link</a>, <a href=5>another</a> and
                <a href=6>a third</a>, which has text of its own around them.</p>
                """))
        .startsWith("A paragraph with a link")
        .doesNotContain("Second");
  }

  @Test
  void aPageThatIsAListOfLinksKeepsThem() {
    assertThat(main("<ul><li><a href=1>a</a><li><a href=2>b</a><li><a href=3>c</a></ul>"))
        .isEqualTo("a\nb\nc");
  }

  @Test
  void whatIsHiddenIsLeftOut() {
    assertThat(main("<main>a<p hidden>b</p><p aria-hidden=true>c</p><script>d</script></main>"))
        .isEqualTo("a");
  }

  @Test
  void aPageThatIsAllNavigationKeepsItsText() {
    assertThat(main("<nav>All there is</nav>")).isEqualTo("All there is");
  }

  @Test
  void theTextIsBoundedAndSaysSo() {
    assertThat(text("<main>0123456789</main>", 4)).isEqualTo(new PageTree.Text("0123", true));
  }

  @Test
  void nestedBlocksOfLinksTakeLinearTime() {
    String page = "<div><a href=x>x</a>".repeat(100_000);
    assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), () -> main(page))).isNotEmpty();
  }
}
