package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.Corpora;
import io.sluice.it.web.FieldCase;
import io.sluice.it.web.FieldWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Answers and pages as real servers send them, byte for byte, in one crawl: Sluice must treat each
 * as browsers do.
 */
class FieldCorpusTest {

  /** Titles of the pages of {@code charset--} according to the Encoding and HTML standards. */
  private static final Map<String, String> TITLES =
      Map.ofEntries(
          Map.entry("big5-marks", "‧ \uFF5E"),
          Map.entry("c1", "x\u0081y €"),
          Map.entry("eucjp-tilde", "A\uFF5EB \uFF0D"),
          Map.entry("gb-euro", "€ 5 \u3400"),
          Map.entry("iso2022jp", "\uFF5E"),
          Map.entry("iso885910", "Ąš"),
          Map.entry("iso885914", "ŴŶ"),
          Map.entry("koi8u", "єіґўЎ"),
          Map.entry("late-pl", "Książka"),
          Map.entry("late-ru", "Привет"),
          Map.entry("late-utf8", "Crème"),
          Map.entry("maccyr", "\u0490\u0491€"),
          Map.entry("userdef", "\uF780\uF7FF"),
          Map.entry("utf8-onebad", "Привет"),
          Map.entry("utf8-onebad-fr", "Élève à l’école"));

  private static final Map<String, String> XHTML_TITLES =
      Map.of(
          "appxml", "anchored",
          "textxml", "anchored",
          "nothing", "anchored",
          "iframe", "framed",
          "prefix", "prefixed",
          "script", "scripted",
          "style", "styled");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void everyAnswerOfTheFieldIsForSluiceWhatItIsForBrowsers() throws Exception {
    List<FieldCase> cases =
        FieldCase.all(Corpora.path("field")).stream()
            .filter(one -> !one.name().startsWith("tls--"))
            .toList();
    Map<String, String> wrong = new TreeMap<>();
    try (FieldWeb web = FieldWeb.start(cases)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      cases.forEach(one -> yaml.seed(web.url(one, one.start())));
      Path config =
          yaml.write(web.url(cases.getFirst(), "/"), "test", web.port(), web.nameServer(), "");
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config.toString())) {
        assertThat(crawl.exitWithin(Duration.ofMinutes(3))).as(crawl.output()).isZero();
      }
      Seen seen = Seen.of(web, yaml.crawlDir());
      for (FieldCase one : cases) {
        String trouble = trouble(one, seen);
        if (trouble != null) {
          wrong.put(one.name(), trouble);
        }
      }
    }
    System.out.println("field corpus: " + (cases.size() - wrong.size()) + " of " + cases.size());
    assertThat(wrong).isEmpty();
  }

  /** The requests of a crawl, and its results. */
  private record Seen(
      FieldWeb web, Set<String> asked, Map<String, Line> pages, Map<String, Line> log) {

    static Seen of(FieldWeb web, CrawlDir crawl) throws IOException {
      return new Seen(
          web,
          Set.copyOf(web.asked()),
          crawl.pages().stream().collect(Collectors.toMap(Line::url, page -> page)),
          crawl.crawlLog().stream().collect(Collectors.toMap(Line::url, line -> line)));
    }

    boolean asked(FieldCase one, String path) {
      return asked.contains(web.url(one, path));
    }

    @Nullable Line page(FieldCase one) {
      return pages.get(web.url(one, one.start()));
    }
  }

  /** Returns why a case failed; null if it passed. */
  private static @Nullable String trouble(FieldCase one, Seen seen) {
    String stem = one.stem();
    return switch (one.name().split("--", 2)[0]) {
      case "canonical" -> unlike(one, seen, "canonical", seen.web().url(one, "/c-" + stem));
      case "charset" -> charset(one, seen);
      case "coding" -> seen.page(one) == null ? "no page" : damage(one, seen);
      case "cookiewall" -> unlike(one, seen, "title", "behind the wall");
      case "ctype" -> ctype(one, seen);
      case "heads" -> unlike(one, seen, "title", "fine");
      case "loc" -> location(one, seen);
      case "querycs" -> query(one, seen);
      case "refresh" -> refresh(one, seen);
      case "xhtml" -> xhtml(one, seen);
      default -> robots(one, seen);
    };
  }

  private static @Nullable String unlike(
      FieldCase one, Seen seen, String field, @Nullable String expected) {
    Line page = seen.page(one);
    if (page == null) {
      return "no page";
    }
    Object found = page.fields().get(field);
    return Objects.equals(found, expected)
        ? null
        : "%s %s instead of %s".formatted(field, found, expected);
  }

  private static @Nullable String charset(FieldCase one, Seen seen) {
    String trouble =
        unlike(one, seen, "title", TITLES.get(one.name().substring(9).replace("-text", "")));
    boolean text = one.name().endsWith("-text");
    if (trouble == null && text) {
      String found = String.valueOf(Objects.requireNonNull(seen.page(one)).text("text"));
      return found.startsWith("Привет, мир. Это обычная русская") ? null : found;
    }
    return trouble;
  }

  private static @Nullable String damage(FieldCase one, Seen seen) {
    return unlike(one, seen, "damage", null);
  }

  private static @Nullable String ctype(FieldCase one, Seen seen) {
    if (!seen.asked(one, "/from-" + one.stem())) {
      return "its link was not followed";
    }
    return one.name().startsWith("ctype--charset-of")
        ? unlike(one, seen, "title", "Чт " + one.stem())
        : null;
  }

  private static @Nullable String location(FieldCase one, Seen seen) {
    String wanted =
        switch (one.stem()) {
          case "r-utf8" -> "/caf%C3%A9/%D0%B4";
          case "r-latin1" -> "/caf%E9";
          default -> "/find?q=%D0%B4";
        };
    return seen.asked(one, wanted) ? null : wanted + " was not asked for";
  }

  private static @Nullable String query(FieldCase one, Seen seen) {
    String wanted =
        one.name().endsWith("lacks") ? "/s?q=%EC%E8%F0%26%239731%3B" : "/s?q=%EF%F0%E8%E2%E5%F2";
    return seen.asked(one, wanted) && seen.asked(one, "/%D0%BF%D1%83%D1%82%D1%8C?a=1")
        ? null
        : wanted + " was not asked for";
  }

  private static @Nullable String refresh(FieldCase one, Seen seen) {
    String target = "/t-" + one.stem() + (one.stem().equals("unq") ? "/" : "");
    Line target0 = seen.pages().get(seen.web().url(one, target));
    if (!seen.asked(one, target) || target0 == null) {
      return "its target was not asked for";
    }
    Line line = Objects.requireNonNull(seen.log().get(seen.web().url(one, one.start())));
    if (!line.text("reason").equals("refresh")) {
      return "its reason is " + line.text("reason");
    }
    return target0.number("depth") == 0 ? seen.page(one) == null ? "no page" : null : "deeper";
  }

  private static @Nullable String xhtml(FieldCase one, Seen seen) {
    if (!seen.asked(one, "/x-" + one.stem())) {
      return "its link was not followed";
    }
    Line page = Objects.requireNonNull(seen.page(one));
    String text = page.text("text");
    return text.contains("seen") && !text.contains("<")
        ? unlike(one, seen, "title", XHTML_TITLES.get(one.stem()))
        : "text " + text;
  }

  private static @Nullable String robots(FieldCase one, Seen seen) {
    if (seen.asked(one, "/private/x")) {
      return "a forbidden path was asked for";
    }
    return seen.asked(one, "/open") ? null : "/open was not asked for";
  }
}
