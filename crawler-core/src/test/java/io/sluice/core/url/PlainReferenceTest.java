package io.sluice.core.url;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.Corpora;
import io.sluice.core.testing.Json;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shortcut resolves references as the standard's steps do. */
class PlainReferenceTest {

  private static final int ROUNDS = 300_000;

  /** Pieces of plain references, and pieces that make a reference less plain. */
  private static final String[] PIECES = {
    "a",
    "b.html",
    "index",
    "/",
    "/",
    "/",
    "../",
    "../",
    "..",
    ".",
    "./",
    "//",
    "?",
    "?x=1&y",
    "#",
    "#top",
    "http://",
    "https://",
    "HTTP://",
    "http:",
    "http",
    "httpd",
    "c.test",
    "D.test",
    "1.2",
    "0x7",
    "9",
    "-",
    "_",
    "~",
    "!$()*+,;=@",
    "&",
    "%",
    "%2e",
    "%2E%2e",
    "%41",
    "'",
    ":",
    ":80",
    "\\",
    "|",
    " ",
    "\t",
    "\u00fc",
    "^",
    "[",
    "xn--",
    "\u007f"
  };

  private static final List<Url> BASES =
      List.of(
          url("http://base.test/x/y/z.html"),
          url("https://u:p@base.test:81/x//y/?a/b?c/"),
          url("http://1.2.3.4"),
          url("http://base.test/x/y?"));

  private static Url url(String text) {
    return requireNonNull(Url.parse(text));
  }

  /** Compares with the whole parser; returns whether the shortcut resolved the reference. */
  private static boolean compare(String reference, Url base) {
    Url plain = PlainReference.resolve(reference, base, true);
    if (plain == null) {
      return false;
    }
    String as = reference + " against " + base;
    Url whole = UrlParser.parseWhole(reference, base, null);
    assertThat(plain).as(as).isEqualTo(whole);
    assertThat(parts(plain)).as(as).isEqualTo(parts(requireNonNull(whole)));
    return true;
  }

  private static List<Object> parts(Url url) {
    return List.of(url.hostStart(), url.hostEnd(), url.port(), url.pathStart(), url.pathEnd());
  }

  @Test
  void referencesOfTheWebPlatformsCasesAreTheStandards() {
    int plain = 0;
    for (Map<String, @Nullable Object> each :
        Json.objects(Corpora.path("wpt-url/urltestdata.json"))) {
      for (Url base : BASES) {
        plain += compare((String) requireNonNull(each.get("input")), base) ? 1 : 0;
      }
    }
    assertThat(plain).isGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void randomReferencesAreTheStandards(long seed) {
    Random random = new Random(seed);
    int plain = 0;
    for (int round = 0; round < ROUNDS; round++) {
      StringBuilder reference = new StringBuilder();
      int pieces = 1 + random.nextInt(6);
      for (int i = 0; i < pieces; i++) {
        reference.append(PIECES[random.nextInt(PIECES.length)]);
      }
      Url base = BASES.get(random.nextInt(BASES.size()));
      plain += compare(reference.toString(), base) ? 1 : 0;
    }
    assertThat(plain).isGreaterThan(ROUNDS / 20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "page.html",
        "a/b/page.html#part",
        "../page.html?query=1",
        "../../../",
        "/a/page.html",
        "/",
        "httpd/a%20b.html",
        "http://other.test/page",
        "https://other.test/a/page.html?q#f"
      })
  void whatPagesAreFullOfIsResolvedInShort(String reference) {
    assertThat(compare(reference, BASES.getFirst())).isTrue();
  }

  @Test
  void aQueryInAnotherEncodingIsLeftToTheParser() {
    assertThat(PlainReference.resolve("a?b", BASES.getFirst(), false)).isNull();
    assertThat(PlainReference.resolve("a", BASES.getFirst(), false)).isNotNull();
  }

  @Test
  void whatGetsTooLongIsLeftToTheParser() {
    String longest = "a".repeat(Url.MAX_LENGTH);
    assertThat(PlainReference.resolve(longest, BASES.getFirst(), true)).isNull();
    assertThat(BASES.getFirst().resolve(longest)).isNull();
  }
}
