package io.sluice.core.config;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Priority;
import io.sluice.core.url.ParameterPattern;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Formats of names, paths, patterns and words. Stateless. */
final class Texts {

  /** The words of priorities, most urgent first. */
  static final List<String> PRIORITIES = Stream.of(Priority.values()).map(Priority::word).toList();

  private static final int MAX_NAME = 63;
  private static final int MAX_USER_AGENT = 256;
  private static final int MAX_PATTERN = 4096;
  private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?");
  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern CONTACT = Pattern.compile("\\+https?://[^\\s)]|[^\\s@(]@[^\\s@)]");

  private Texts() {}

  /** A crawl's name. */
  static Format<String> name() {
    String allowed =
        "at most "
            + MAX_NAME
            + " lower-case letters, digits and hyphens, without a hyphen at either end";
    return Format.of(
        allowed,
        text ->
            text.length() <= MAX_NAME && NAME.matcher(text).matches()
                ? Format.value(text)
                : Format.mustBe(allowed));
  }

  /** A node's name, which is part of the names of files and of connections to Redis. */
  static Format<String> node() {
    String allowed = "at most " + MAX_NAME + " letters, digits, dots, hyphens and underscores";
    return Format.of(
        allowed,
        text ->
            text.length() <= MAX_NAME && NODE.matcher(text).matches()
                ? Format.value(text)
                : Format.mustBe(allowed));
  }

  /** The User-Agent field: a product that robots.txt can name, and a way to reach its operator. */
  static Format<String> userAgent() {
    String allowed =
        "a product name, then +https://… or an e-mail address for the sites' operators, in at most "
            + MAX_USER_AGENT
            + " ASCII characters";
    return Format.of(
        allowed,
        text ->
            text.length() <= MAX_USER_AGENT
                    && text.chars().allMatch(c -> c >= ' ' && c <= '~')
                    && beginsWithLetter(text)
                    && CONTACT.matcher(text).find()
                ? Format.value(text)
                : Format.mustBe(allowed));
  }

  /** A path, relative to the working directory unless it is absolute. */
  static Format<Path> path() {
    return Format.of(
        "a path",
        text -> {
          try {
            return text.isEmpty() ? Format.mustBe("a path") : Format.value(Path.of(text));
          } catch (InvalidPathException e) {
            return Format.refused(notAPath(e));
          }
        });
  }

  private static String notAPath(InvalidPathException e) {
    String charset = System.getProperty("sun.jnu.encoding", "UTF-8");
    return charset.equals("UTF-8")
        ? "is not a path: " + Echo.of(e.getReason())
        : "is not a path in the locale's character set, " + charset + "; set LC_ALL=C.UTF-8";
  }

  /** A path to a file that can be read now. */
  static Format<Path> readableFile() {
    return Format.of(
        "a file that can be read",
        text ->
            switch (path().read(text)) {
              case Format.Read.Refused<Path> refused -> refused;
              case Format.Read.Value<Path>(Path file) when Files.notExists(file) ->
                  Format.refused("there is no such file");
              case Format.Read.Value<Path>(Path file) when Files.isDirectory(file) ->
                  Format.refused("is a directory, but must be a file");
              case Format.Read.Value<Path>(Path file) when !Files.isReadable(file) ->
                  Format.refused("cannot be read: permission denied");
              case Format.Read.Value<Path> readable -> readable;
            });
  }

  /** A regular expression in Java's syntax. */
  static Format<Pattern> regex() {
    return Format.of(
        "a regular expression in java.util.regex syntax",
        text -> {
          if (text.length() > MAX_PATTERN) {
            return Format.refused("is longer than " + MAX_PATTERN + " characters");
          }
          try {
            return Format.value(Pattern.compile(text));
          } catch (PatternSyntaxException e) {
            String where = e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1);
            return Format.refused(
                "is not a regular expression: "
                    + Echo.sentence(e.getDescription())
                    + where
                    + (Globs.looksLike(text) ? "; " + Globs.REMEDY : ""));
          }
        });
  }

  /** A pattern of URL parameters. */
  static Format<ParameterPattern> parameter() {
    String allowed =
        "a parameter's name, name* for all names that begin with it, or name:32 if its value is at"
            + " least 32 characters long";
    return Format.of(
        allowed,
        text -> {
          ParameterPattern pattern = ParameterPattern.parse(text);
          return pattern == null ? Format.mustBe(allowed) : Format.value(pattern);
        });
  }

  /** A priority, by its word. */
  static Format<Priority> priority() {
    String allowed = "one of " + String.join(", ", PRIORITIES);
    return Format.of(
        allowed,
        text -> {
          Priority priority = Priority.ofWord(text);
          return priority == null ? Format.mustBe(allowed) : Format.value(priority);
        });
  }

  /** A tag: a word of the operator's choice. */
  static Format<String> tag() {
    String allowed =
        "at most " + Labels.MAX_TAG + " letters, digits, dots, underscores and hyphens";
    return Format.of(
        allowed, text -> Labels.isTag(text) ? Format.value(text) : Format.mustBe(allowed));
  }

  /** One of some words. */
  static Format<String> oneOf(String... words) {
    List<String> all = List.of(words);
    String allowed = "one of " + String.join(", ", all);
    return Format.of(
        allowed, text -> all.contains(text) ? Format.value(text) : Format.mustBe(allowed));
  }

  private static boolean beginsWithLetter(String text) {
    return !text.isEmpty() && Character.isLetter(text.charAt(0));
  }
}
