package io.sluice.it.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One folder of the field corpus, which contains the answers of one host, byte for byte. Immutable.
 *
 * @param name the folder's name
 * @param host the host that serves it
 * @param answers response bytes by path; a response to requests with a cookie has {@code +cookie}
 *     after the path
 */
public record FieldCase(String name, String host, Map<String, byte[]> answers) {

  private static final Pattern ESCAPE = Pattern.compile("-([0-9A-F]{2})");

  public FieldCase {
    answers = Map.copyOf(answers);
  }

  /** Reads every folder of the corpus, each for a host of its own. */
  public static List<FieldCase> all(Path corpus) throws IOException {
    try (Stream<Path> entries = Files.list(corpus)) {
      List<Path> folders = entries.filter(Files::isDirectory).sorted().toList();
      List<FieldCase> cases = new ArrayList<>();
      for (Path folder : folders) {
        cases.add(of(folder, "case" + cases.size() + ".test"));
      }
      return cases;
    }
  }

  private static FieldCase of(Path folder, String host) throws IOException {
    Map<String, byte[]> answers = new HashMap<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path file : entries.filter(f -> f.toString().endsWith(".http")).toList()) {
        answers.put(path(file.getFileName().toString()), Files.readAllBytes(file));
      }
    }
    return new FieldCase(folder.getFileName().toString(), host, answers);
  }

  /**
   * Returns the path of a file's response: the file's name, with escapes decoded for characters
   * that file names cannot contain.
   */
  private static String path(String file) {
    String stem = file.substring(0, file.length() - ".http".length());
    String cookie = stem.endsWith(".with-cookie") ? "+cookie" : "";
    String plain = stem.replace(".with-cookie", "").replace(".without-cookie", "");
    Matcher escape = ESCAPE.matcher(plain);
    return "/" + (plain.equals("root") ? "" : escape.replaceAll("%$1")) + cookie;
  }

  /** The path at which a crawl of the host begins. */
  public String start() {
    return answers.keySet().stream()
        .filter(path -> !path.contains("robots") && !path.contains("bots.txt"))
        .filter(path -> !path.endsWith("+cookie"))
        .findFirst()
        .orElse("/open");
  }

  /** The start's name as used in further paths of the case: {@code /x-NAME}. */
  public String stem() {
    return start().substring(1);
  }
}
