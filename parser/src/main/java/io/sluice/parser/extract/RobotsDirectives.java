package io.sluice.parser.extract;

import io.sluice.core.message.Header;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The robots directives of one page that apply to one crawler, from meta elements and X-Robots-Tag
 * fields: those for all crawlers and those for its product token. Confined to its page's
 * extraction.
 */
final class RobotsDirectives {

  /** Directives that take a value after a colon, so their names must not be read as a crawler's. */
  private static final Set<String> WITH_VALUE =
      Set.of("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview");

  /**
   * Maximum length of a list, in characters; the rest is ignored. Lists of real pages are under
   * 200.
   */
  private static final int MAX_LENGTH = 4096;

  /** Maximum length of a directive to which the rest of a date, after a comma, is still joined. */
  private static final int MAX_DATED = 64;

  /**
   * Maximum number of directives kept per page; real pages have a handful. Directives that we obey
   * are kept beyond this limit.
   */
  private static final int MAX_DIRECTIVES = 100;

  private static final Set<String> OBEYED = Set.of("noindex", "nofollow", "none", "noarchive");

  private final String token;
  private final Set<String> directives = new LinkedHashSet<>();

  /**
   * @param token the crawler's product token, lower case
   */
  RobotsDirectives(String token) {
    this.token = token;
  }

  /** The directives of a response's X-Robots-Tag fields. */
  static RobotsDirectives ofFields(String token, List<Header> headers) {
    RobotsDirectives robots = new RobotsDirectives(token);
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase("x-robots-tag")) {
        robots.header(header.value());
      }
    }
    return robots;
  }

  /** The product token of a User-Agent: the name before the version, in lower case. */
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
   * Takes an X-Robots-Tag field's value: directives, optionally after a crawler's name and a colon;
   * another name starts the directives of another crawler.
   */
  void header(String value) {
    boolean ours = true;
    for (String part : parts(value)) {
      String directive = part;
      int colon = directive.indexOf(':');
      if (colon > 0 && namesCrawler(directive.substring(0, colon).strip())) {
        ours = concerns(directive.substring(0, colon));
        directive = directive.substring(colon + 1).strip();
      }
      if (ours) {
        add(directive);
      }
    }
  }

  /**
   * Splits a list, in lower case. A comma before a digit is part of a date and does not split: no
   * directive and no crawler's name begins with a digit.
   */
  private static List<String> parts(String list) {
    List<String> parts = new ArrayList<>();
    for (String split : bounded(list).split(",", -1)) {
      String part = WellFormed.of(split.strip().toLowerCase(Locale.ROOT));
      boolean dated = !parts.isEmpty() && parts.getLast().contains("unavailable_after");
      if (dated
          && parts.getLast().length() < MAX_DATED
          && !part.isEmpty()
          && Character.isDigit(part.charAt(0))) {
        parts.set(parts.size() - 1, parts.getLast() + ", " + part);
      } else {
        parts.add(part);
      }
    }
    return parts;
  }

  private static String bounded(String list) {
    return list.length() <= MAX_LENGTH ? list : list.substring(0, MAX_LENGTH);
  }

  /**
   * Whether a name is a product token, perhaps with a version, and not a directive with a value.
   */
  private static boolean namesCrawler(String name) {
    return !WITH_VALUE.contains(name)
        && (name.equals("*")
            || (!productToken(name).isEmpty() && name.chars().noneMatch(Character::isWhitespace)));
  }

  private boolean concerns(String crawler) {
    String name = crawler.strip();
    String product = productToken(name);
    return product.equals("robots") || name.equals("*") || product.equals(token);
  }

  private void addAll(String list) {
    parts(list).forEach(this::add);
  }

  private void add(String directive) {
    if (!directive.isEmpty()
        && (directives.size() < MAX_DIRECTIVES || OBEYED.contains(directive))) {
      directives.add(directive);
    }
  }

  /** Whether the page's links must not be followed. */
  boolean noFollow() {
    return directives.contains("nofollow") || directives.contains("none");
  }

  /** The directives in order, without duplicates. */
  List<String> all() {
    return List.copyOf(directives);
  }
}
