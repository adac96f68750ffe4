package io.sluice.parser.extract;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The robots directives of one page that concern one crawler, from meta elements and X-Robots-Tag
 * fields: those for everybody and those for its product token. Confined to its page's extraction.
 */
final class RobotsDirectives {

  /** Directives that carry a value after a colon, so that they are not taken for a crawler. */
  private static final Set<String> WITH_VALUE =
      Set.of("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview");

  private final String token;
  private final Set<String> directives = new LinkedHashSet<>();

  /**
   * @param token the crawler's product token, lower case
   */
  RobotsDirectives(String token) {
    this.token = token;
  }

  /** The product token of a User-Agent: what stands before the version, lower case. */
  static String productToken(String userAgent) {
    int end = 0;
    while (end < userAgent.length() && isTokenChar(userAgent.charAt(end))) {
      end++;
    }
    return userAgent.substring(0, end).toLowerCase(Locale.ROOT);
  }

  private static boolean isTokenChar(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  }

  /** Takes a meta element's name and content. */
  void meta(String name, String content) {
    if (concerns(name)) {
      addAll(content);
    }
  }

  /**
   * Takes an X-Robots-Tag field's value: directives, possibly after the name of the crawler that
   * they are for and a colon; a further name begins a further crawler's.
   */
  void header(String value) {
    boolean ours = true;
    for (String part : value.split(",", -1)) {
      String directive = part.strip().toLowerCase(Locale.ROOT);
      int colon = directive.indexOf(':');
      if (colon > 0 && !WITH_VALUE.contains(directive.substring(0, colon).strip())) {
        ours = concerns(directive.substring(0, colon));
        directive = directive.substring(colon + 1).strip();
      }
      if (ours && !directive.isEmpty()) {
        directives.add(directive);
      }
    }
  }

  private boolean concerns(String crawler) {
    String name = crawler.strip();
    return name.equalsIgnoreCase("robots") || name.equals("*") || name.equalsIgnoreCase(token);
  }

  private void addAll(String list) {
    for (String part : list.split(",", -1)) {
      String directive = WellFormed.of(part.strip().toLowerCase(Locale.ROOT));
      if (!directive.isEmpty()) {
        directives.add(directive);
      }
    }
  }

  /** Whether the page's links must not be followed. */
  boolean noFollow() {
    return directives.contains("nofollow") || directives.contains("none");
  }

  /** The directives in order, each once. */
  List<String> all() {
    return List.copyOf(directives);
  }
}
