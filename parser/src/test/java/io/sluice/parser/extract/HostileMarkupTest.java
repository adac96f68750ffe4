package io.sluice.parser.extract;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sluice.core.url.Url;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages of several megabytes that are made to be expensive: a step that looked at the whole page
 * for each of its tokens would take far longer than the timeout.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
final class HostileMarkupTest {

  private static final int LENGTH = 2_000_000;

  /** Markup that nests deeper with each repetition. */
  private static final Set<String> DEEP = Set.of("<math><mi><p></math>");

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Document PAGE =
      Document.utf8(Objects.requireNonNull(Url.parse("http://a.test/docs/page.html")), List.of());

  private static final ExtractBounds BOUNDS =
      new ExtractBounds(1 << 20, 1000, 2000, 64 << 20, Set.of("a"), "sluice", true, 10);

  private final HtmlExtractor extractor = new HtmlExtractor(BOUNDS);
  private final HtmlExtractor curious = new HtmlExtractor(BOUNDS.with(Wanted.ALL));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<",
        "</",
        "<!",
        "<!--",
        "<!-- -",
        "-->",
        "<![CDATA[",
        "<a ",
        "<a href='",
        "<a/",
        "<a a=",
        "&",
        "&#",
        "&#x1",
        "&amp",
        "&CounterClockwiseContourIntegra",
        "&#1;",
        "<p>",
        "<b>x</b>",
        "</p>",
        "<br>",
        "<script>",
        "<script><!--<script>",
        "<title>",
        "<textarea></textarea ",
        "<!doctype ",
        "<?",
        "<b><p>x</b></p>",
        "<li>x",
        "<option>",
        "<svg></svg>",
        "<math><mi><p></math>",
        "<img srcset='a,b 1x,",
        "<img srcset=a>",
        "<p style='a:url(",
        "<p style=a:url(b)>",
        "<style>a:url(b",
        "<script type=application/ld+json>[",
        "<script type=application/ld+json>\"http://a.test/\"",
        "<a href=b>c",
        "<h1>a",
        "<p itemtype=a>",
        "<meta property=og:a content=b>",
        "<meta name=date content=b>",
        "<link rel=alternate hreflang=a href=b>",
        "\0",
        "\r",
        " "
      })
  void pageOfOneThingOverAndOverTakesMemoryInProportionAndEnds(String thing) {
    String html = thing.repeat(LENGTH / thing.length());
    long before = THREADS.getCurrentThreadAllocatedBytes();
    Extract page = extractor.scan("<p>" + html, PAGE);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    // The built page, the scanner's copy of it, and room for the extract.
    assertThat(allocated).isLessThan(2L * 2 * LENGTH + (96 << 20));
    assertThat(page == null).as("left to a tree").isEqualTo(DEEP.contains(thing));

    before = THREADS.getCurrentThreadAllocatedBytes();
    curious.scan("<p>" + html, PAGE);
    allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).as("with all that can be wanted").isLessThan(4L * LENGTH + (160 << 20));
  }

  @Test
  void twentyMegabytesOfLessThanSignsAreText() {
    Extract page = Objects.requireNonNull(extractor.scan("<".repeat(20_000_000), PAGE));
    assertThat(page.text()).hasSize(1 << 20).matches("<+");
    assertThat(page.textCut()).isTrue();
  }

  @Test
  void hundredThousandNestedElementsAreLeftToATree() {
    String html = "<div>".repeat(100_000) + "deep";
    assertThat(extractor.scan(html, PAGE)).isNull();
    assertThat(extractor.html(html, PAGE).text()).isEqualTo("deep");
  }

  /** Each paragraph closes twelve elements, searching 500 for each of them, and reopens them. */
  @Test
  void searchesOfADeepStackForEachTagAreLeftToATree() {
    String html =
        "<div>".repeat(480) + "<p><b><i><u><s><tt><em><big><code><font><small><strike><strong>";
    assertThat(extractor.scan(html + "<p>x".repeat(100_000), PAGE)).isNull();
    assertThat(extractor.scan(html + "<p>x".repeat(3), PAGE)).isNotNull();
  }

  @Test
  void unknownEndTagsBelowADeepStackAreLeftToATree() {
    String deep = "<div>".repeat(480);
    assertThat(extractor.scan(deep + "</x>".repeat(500_000), PAGE)).isNull();
    assertThat(extractor.scan(deep + "</x>".repeat(3), PAGE)).isNotNull();
  }

  @Test
  void ofAMillionAttributesTheOneOfUseIsFound() {
    String html = "<a" + " x=y".repeat(1_000_000) + " href=b>c</a>d";
    Extract page = Objects.requireNonNull(extractor.scan(html, PAGE));
    assertThat(page.text()).isEqualTo("cd");
    assertThat(page.links().getFirst().url()).isEqualTo("http://a.test/docs/b");
  }
}
