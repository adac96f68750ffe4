package io.sluice.parser.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.Corpora;
import io.sluice.core.url.Url;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A scan that succeeds extracts the same as the walk over jsoup's tree. */
final class ScanDifferentialTest {

  private static final Document PAGE =
      Document.utf8(Objects.requireNonNull(Url.parse("http://a.test/docs/page.html")), List.of());

  /** How long random pages are tried; for an hour with {@code -Dsluice.fuzz=PT1H}. */
  private static final Duration FUZZ = Duration.parse(System.getProperty("sluice.fuzz", "PT10S"));

  private static final long SEED = 14;

  private static final ExtractBounds BOUNDS =
      new ExtractBounds(1 << 20, 1000, 2000, 256 << 20, Set.of("a"), "sluice", true, 10);

  private final HtmlExtractor extractor = new HtmlExtractor(BOUNDS);
  private final HtmlExtractor curious = new HtmlExtractor(BOUNDS.with(Wanted.ALL));

  private final List<String> differences = new ArrayList<>();
  private int pages;
  private int scanned;

  private void compare(String html) {
    compare(html, extractor);
    compare(html, curious);
  }

  private void compare(String html, HtmlExtractor extractor) {
    pages++;
    Extract scan = extractor.scan(html, PAGE);
    if (scan != null) {
      scanned++;
      Extract tree = extractor.tree(html, PAGE);
      if (!scan.equals(tree)) {
        differences.add(html + "\n  scan: " + scan + "\n  tree: " + tree);
      }
    }
  }

  @Test
  void treeConstructionCasesGiveTheSameByScanAndByTree() throws IOException {
    for (String html : treeCases()) {
      compare(html);
    }
    assertThat(differences).isEmpty();
    assertThat(pages).isGreaterThan(3_400);
    assertThat(scanned).as("of cases that are made to be hard").isGreaterThan(pages * 8 / 10);
  }

  @Test
  void pagesOfTheFieldGiveTheSameByScanAndByTree() throws IOException {
    try (Stream<Path> files = Files.walk(Corpora.path("field"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String http = Files.readString(file, StandardCharsets.ISO_8859_1);
        compare(http.substring(Math.max(0, http.indexOf('<'))));
      }
    }
    assertThat(differences).isEmpty();
    assertThat(scanned).isGreaterThan(100);
  }

  @Test
  void changedAndRandomPagesGiveTheSameByScanAndByTree() throws IOException {
    List<String> cases = treeCases();
    RandomMarkup random = new RandomMarkup(SEED);
    long end = System.nanoTime() + FUZZ.toNanos();
    while (System.nanoTime() < end && differences.isEmpty()) {
      compare(random.page());
      compare(random.mutated(cases.get(pages / 4 % cases.size())));
    }
    assertThat(differences).isEmpty();
    assertThat(scanned).isGreaterThan(pages / 2);
  }

  /** Pages whose extracts once differed, found by random generation. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a><option>x<button><a>y",
        "<i><option>q<button>></i>",
        "<math><mo><form><math></form><</mo>>",
        "t</body></> l",
        "<template><a href=t><marquee></template>x",
        "<form><b>x</form>y</b>z",
        "<p><b ><b><b ><b></p>x</b></b></b><option>y</b>z",
        "<p><b x=1><b x='1'><b x=1 ><b x=1></p>x</b></b></b><option>y</b>z",
        "<p><b x=a><b x=a/><b x=a><b x=a></p>x</b></b></b><option>y</b>z",
      })
  void markupThatOnceMadeADifferenceGivesTheSame(String html) {
    compare(html);
    assertThat(differences).isEmpty();
  }

  /**
   * By the standard, a reference to a surrogate yields U+FFFD (13.2.5.80); jsoup combines two of
   * them into a pair.
   */
  @Test
  void referencesToTheHalvesOfAPairAreNotAPair() {
    String html = "<p>&#xD83D;&#xDE00;";
    assertThat(text(extractor.scan(html, PAGE))).isEqualTo("\uFFFD\uFFFD");
    assertThat(text(extractor.tree(html, PAGE))).isEqualTo("😀");
  }

  private static String text(@Nullable Extract extract) {
    return Objects.requireNonNull(extract).text();
  }

  private static List<String> treeCases() throws IOException {
    List<String> cases = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Corpora.path("html5lib-tree"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".dat")).sorted().toList()) {
        for (String part : Files.readString(file).split("(?m)^#data\n", -1)) {
          int end = part.indexOf("\n#errors");
          if (end >= 0) {
            cases.add(part.substring(0, end));
          }
        }
      }
    }
    return cases;
  }
}
