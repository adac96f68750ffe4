package io.sluice.parser.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.Problem;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Url;
import io.sluice.parser.extract.Document;
import io.sluice.parser.extract.HtmlExtractor;
import io.sluice.parser.extract.PageTree;
import io.sluice.parser.sink.TestPages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rules as a configuration writes them, and the values that they find on pages. Confined to one
 * test.
 */
final class Rules {

  private static final String HEAD =
      """
      crawl:
        user-agent: Sluice/1 (+https://example.org/)
        seeds: [https://example.org/]
      """;

  private final ExtractionRules rules;
  private final List<String> missing = new ArrayList<>();

  private Rules(SluiceConfig config, LongSupplier nanoTime) {
    rules =
        ExtractionRules.compile(
            config.extract(), (rule, field) -> () -> missing.add(rule + " " + field), nanoTime);
  }

  /** The rules of a section {@code extract}. */
  static Rules of(String yaml) {
    return of(yaml, System::nanoTime);
  }

  /** The same, by a clock that the test sets. */
  static Rules of(String yaml, LongSupplier nanoTime) {
    LoadResult result = load(yaml);
    assertThat(result).isInstanceOf(LoadResult.Loaded.class);
    return new Rules(((LoadResult.Loaded) result).config(), nanoTime);
  }

  /**
   * A rule that matches every page of a.test, with one field; {@code keys} are its keys in braces.
   */
  static Rules field(String keys) {
    return of("extract: [{ match: a.test, fields: { f: " + keys + " } }]");
  }

  /** The problems of a section, as lines that begin with the number of the section's line. */
  static List<String> problems(String yaml) {
    LoadResult result = load(yaml);
    assertThat(result).isInstanceOf(LoadResult.Invalid.class);
    int above = (int) HEAD.lines().count();
    return ((LoadResult.Invalid) result)
        .problems().stream().map(problem -> withoutFile(problem, above)).toList();
  }

  private static String withoutFile(Problem problem, int above) {
    String text = problem.toString();
    String place = problem.source() + ":" + problem.line();
    return (problem.line() - above) + text.substring(place.length());
  }

  private static LoadResult load(String yaml) {
    try {
      Path file = Files.createTempFile("rules", ".yaml");
      try {
        Files.writeString(file, HEAD + yaml);
        return ConfigLoader.load(file, Map.of(), 1, new Expressions());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The values found on a page of {@code https://a.test/dir/page}; null if no rule matches. */
  @Nullable Extracted on(String html) {
    return on("https://a.test/dir/page", html);
  }

  @Nullable Extracted on(String url, String html) {
    Url page = Objects.requireNonNull(Url.parse(url));
    return on(Document.utf8(page, List.of()), html, false);
  }

  @Nullable Extracted on(Document page, String source, boolean xhtml) {
    HtmlExtractor extractor = new HtmlExtractor(TestPages.BOUNDS);
    String text = (xhtml ? extractor.xhtml(source, page) : extractor.html(source, page)).text();
    ExtractionRules matching = rules.matching(page.url());
    if (matching.isEmpty()) {
      return null;
    }
    return matching.extract(
        page.url(),
        source,
        text,
        () -> PageTree.of(source, xhtml, page, TestPages.BOUNDS.maxTreeBytes()));
  }

  /** What is found on a page whose tree cannot be built. */
  Extracted withoutTree(String html, Supplier<PageTree> failing) {
    Url page = Objects.requireNonNull(Url.parse("https://a.test/dir/page"));
    return rules.matching(page).extract(page, html, html, failing);
  }

  /** The values of each field. */
  Map<String, List<Object>> values(String html) {
    Map<String, List<Object>> values = new LinkedHashMap<>();
    Objects.requireNonNull(on(html))
        .fields()
        .forEach((name, field) -> values.put(name, field.values()));
    return values;
  }

  /** The values of one field. */
  static List<Object> valuesOf(Extracted found, String field) {
    return Objects.requireNonNull(found.fields().get(field)).values();
  }

  /** The values of the field of {@link #field}. */
  List<Object> value(String html) {
    return values(html).getOrDefault("f", List.of());
  }

  /** The rules and fields that matched a page but were not found, in order. */
  List<String> missing() {
    return missing;
  }
}
