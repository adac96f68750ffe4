package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Comments and messages are plain English, and the documentation names only classes that exist. */
class WordsTest {

  private static final Path ROOT = Path.of(System.getProperty("sluice.root", ".."));

  private static final Set<String> MODULES =
      Set.of("crawler-core", "frontier", "fetcher", "parser", "launcher", "it", "bench");

  /**
   * Matches text blocks, strings, characters and comments, so that none of them is mistaken for
   * another.
   */
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"\"\"(?s:.*?)\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])*'"
              + "|/\\*(?s:.*?)\\*/|//[^\n]*");

  private static final Pattern LINE_BREAK = Pattern.compile("\\s*\n\\s*(\\*|//)?\\s*");

  private static final Pattern PAGE_LINE_BREAK = Pattern.compile("\\s*\n\\s*#*\\s*");

  /** Patterns refused in comments and messages, each with a replacement. */
  private static final Map<Pattern, String> ANYWHERE =
      Map.of(
          Pattern.compile("\\banew\\b"), "again",
          Pattern.compile("\\bmend(s|ed|ing)?\\b"), "fix, repair",
          Pattern.compile("\\bwell again\\b"), "has recovered",
          Pattern.compile("\\b[Ss]o many\\b(?! (\\w+ )?that)"), "that many, or the number's name",
          Pattern.compile(
                  "(?<![Tt]here )\\b(is|are|was|were) no "
                      + "(?!longer|more|less|other|such|one\\b|matter|better|\\w+er\\b)"),
              "is not a");

  /** Patterns refused only in comments, each with a replacement. */
  private static final Map<Pattern, String> IN_COMMENTS =
      Map.of(
          Pattern.compile("(^|[.;:] )[Ww]ho (?!are\\b)[a-z]"), "a caller that",
          Pattern.compile("\\b(for|of|by|to) who [a-z]"), "for callers that",
          Pattern.compile("\\b([Nn]obody|[Ss]omebody)\\b"), "no caller, a component's name");

  private static final Pattern CLASS_NAME = Pattern.compile("`([A-Z]\\w+[a-z])`");

  @Test
  void commentsAndMessagesAreFreeOfTellTales() throws IOException {
    List<String> found = new ArrayList<>();
    for (String module : MODULES) {
      for (Path file : javaFiles(ROOT.resolve(module))) {
        if (!file.endsWith("WordsTest.java")) {
          tellTales(file, found);
        }
      }
    }
    assertThat(found).as("what a native engineer would not write").isEmpty();
  }

  @Test
  void pagesAndConfigsAreFreeOfTellTales() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    pages.addAll(files(ROOT.resolve("docs"), ".md"));
    pages.addAll(files(ROOT.resolve("config"), ".yaml"));
    List<String> found = new ArrayList<>();
    for (Path page : pages) {
      String text = PAGE_LINE_BREAK.matcher(Files.readString(page)).replaceAll(" ");
      String where = ROOT.relativize(page).toString();
      complain(text, ANYWHERE, where, found);
      complain(text, IN_COMMENTS, where, found);
    }
    assertThat(pages).hasSizeGreaterThan(10);
    assertThat(found).as("what a native engineer would not write").isEmpty();
  }

  @Test
  void pagesNameClassesThatExist() throws IOException {
    Set<String> classes = new TreeSet<>();
    for (Path file : javaFiles(ROOT)) {
      classes.add(name(file).replace(".java", ""));
    }
    assertThat(classes).hasSizeGreaterThan(500);
    for (String page : List.of("architecture.md", "handover.md")) {
      String text = Files.readString(ROOT.resolve("docs").resolve(page));
      assertThat(CLASS_NAME.matcher(text).results().map(match -> match.group(1)))
          .as("classes in docs/%s", page)
          .isSubsetOf(classes);
    }
  }

  private static void tellTales(Path file, List<String> found) throws IOException {
    String source = Files.readString(file);
    for (MatchResult token : TOKEN.matcher(source).results().toList()) {
      boolean comment = token.group().startsWith("/");
      String text =
          comment
              ? LINE_BREAK.matcher(token.group()).replaceAll(" ").replaceFirst("^/[/*]+ *", "")
              : token.group();
      boolean message = file.toString().contains("/main/") && !comment;
      long line = source.substring(0, token.start()).lines().count();
      String where = ROOT.relativize(file) + ":" + Math.max(1, line);
      if (comment || message) {
        complain(text, ANYWHERE, where, found);
      }
      if (comment) {
        complain(text, IN_COMMENTS, where, found);
      }
    }
  }

  private static void complain(
      String text, Map<Pattern, String> refused, String where, List<String> found) {
    refused.forEach(
        (pattern, instead) ->
            pattern
                .matcher(text)
                .results()
                .forEach(
                    match ->
                        found.add(
                            "%s: \"%s\"; write: %s".formatted(where, match.group(), instead))));
  }

  private static List<Path> javaFiles(Path below) throws IOException {
    Predicate<Path> source =
        file -> name(file).endsWith(".java") && !file.toString().contains("/target/");
    try (Stream<Path> files = Files.walk(below)) {
      return files.filter(source).sorted().toList();
    }
  }

  private static List<Path> files(Path directory, String ending) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> name(file).endsWith(ending)).sorted().toList();
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
