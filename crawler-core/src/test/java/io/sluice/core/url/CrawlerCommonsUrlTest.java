package io.sluice.core.url;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.Corpora;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The cases of crawler-commons that agree with the standard. Its normal forms go beyond the
 * standard (it decodes escapes and sorts queries), so only the expected forms are used.
 */
class CrawlerCommonsUrlTest {

  @Test
  void referencesResolveAsExpected() throws IOException {
    int checked = 0;
    for (String[] row : rows("url-resolve.csv")) {
      if (row[1].startsWith("file:")) {
        continue;
      }
      assertThat(href(row[0], row[1]))
          .as(row[0] + " against " + row[1])
          .isEqualTo(row[2].replaceFirst("#.*", ""));
      checked++;
    }
    assertThat(checked).isGreaterThanOrEqualTo(20);
  }

  @Test
  void invalidUrlsAreNone() throws IOException {
    List<String[]> rows = rows("invalidUrls.csv");

    assertThat(rows).hasSize(2).allSatisfy(row -> assertThat(Url.parse(row[0])).isNull());
  }

  /** All except {@code http:/}, which the table lists as normalized although it has no host. */
  @Test
  void normalizedUrlsStayAsTheyAre() throws IOException {
    List<String> normalized =
        rows("weirdToNormalizedUrls.csv").stream()
            .map(row -> row[row.length - 1])
            .filter(url -> url.startsWith("http"))
            .toList();

    assertThat(normalized).hasSizeGreaterThan(90);
    assertThat(normalized)
        .filteredOn(url -> !url.equals("http:/"))
        .allSatisfy(url -> assertThat(href(url, "")).isEqualTo(url));
  }

  private static @Nullable String href(String input, String base) {
    Url parsedBase = Url.parse(base);
    Url url = parsedBase == null ? Url.parse(input) : parsedBase.resolve(input);
    return url == null ? null : url.href();
  }

  /** The rows of a file: cells without their quotes; no cell holds a comma that matters. */
  private static List<String[]> rows(String file) throws IOException {
    return Files.readAllLines(Corpora.path("crawler-commons-url/" + file)).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(CrawlerCommonsUrlTest::cells)
        .toList();
  }

  private static String[] cells(String line) {
    String[] cells = line.split(",\\s?", -1);
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cells[i].strip().replaceFirst("^\"(.*)\"$", "$1");
    }
    return cells;
  }
}
