package io.sluice.fetcher.robots;

import crawlercommons.robots.SimpleRobotRules;
import crawlercommons.robots.SimpleRobotRules.RobotRulesMode;
import crawlercommons.robots.SimpleRobotRulesParser;
import io.sluice.core.url.Url;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one origin for one crawler, as crawler-commons reads and matches them. Immutable.
 */
public final class RobotsRules {
  /** The bytes of a robots.txt that are read; RFC 9309, 2.5 asks for at least this. */
  public static final int MAX_BYTES = 500 * 1024;

  /** What a host that asks for more is taken to ask for. */
  public static final Duration MAX_CRAWL_DELAY = Duration.ofDays(1);

  /** A robots.txt that does not exist: everything is allowed. */
  static final RobotsRules ALLOW_ALL =
      new RobotsRules(new SimpleRobotRules(RobotRulesMode.ALLOW_ALL), 0);

  /** What the parser's objects weigh beside the file's own text, roughly. */
  private static final int WEIGHT_PER_BYTE = 3;

  /** What an answer weighs that has no rules. */
  static final int BASE_WEIGHT = 256;

  /** What a WHATWG path or query may hold and {@link java.net.URI} refuses. */
  private static final String UNMATCHABLE = "|^`{}\"<>\\[]";

  private final SimpleRobotRules rules;
  private final int weight;

  private RobotsRules(SimpleRobotRules rules, int bytes) {
    this.rules = rules;
    this.weight = BASE_WEIGHT + WEIGHT_PER_BYTE * bytes;
  }

  /**
   * Reads a robots.txt.
   *
   * @param file its bytes, without a content coding
   * @param token the product token that groups are looked up by, in lower case
   */
  static RobotsRules parse(byte[] file, String token) {
    SimpleRobotRulesParser parser = new SimpleRobotRulesParser(Long.MAX_VALUE, 0);
    parser.setExactUserAgentMatching(true);
    return new RobotsRules(
        parser.parseContent("http://host/robots.txt", file, "text/plain", Set.of(token)),
        file.length);
  }

  /**
   * The product token of a user agent: what stands before the first character that may not be in
   * one (RFC 9309, 2.2.1), in lower case.
   */
  public static String productToken(String userAgent) {
    int end = 0;
    while (end < userAgent.length() && tokenCharacter(userAgent.charAt(end))) {
      end++;
    }
    return userAgent.substring(0, end).toLowerCase(Locale.ROOT);
  }

  private static boolean tokenCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  }

  /** Whether the URL, of this origin, may be fetched. */
  public boolean allows(Url url) {
    return rules.isAllowAll() || rules.isAllowed("http://host" + matchable(url.pathAndQuery()));
  }

  /**
   * Percent-encodes what the matcher would refuse, and then take for the root. The rules' own paths
   * are brought to the same form when they are read.
   */
  private static String matchable(String pathAndQuery) {
    int at = 0;
    while (at < pathAndQuery.length() && !unmatchable(pathAndQuery, at)) {
      at++;
    }
    if (at == pathAndQuery.length()) {
      return pathAndQuery;
    }
    StringBuilder encoded = new StringBuilder(pathAndQuery.length() + 8);
    for (int i = 0; i < pathAndQuery.length(); i++) {
      char c = pathAndQuery.charAt(i);
      if (unmatchable(pathAndQuery, i)) {
        encoded.append('%').append(Integer.toHexString(c).toUpperCase(Locale.ROOT));
      } else {
        encoded.append(c);
      }
    }
    return encoded.toString();
  }

  /** Whether {@link java.net.URI} refuses the character there, a stray percent sign among them. */
  private static boolean unmatchable(String text, int at) {
    char c = text.charAt(at);
    return c == '%'
        ? at + 2 >= text.length() || !hexadecimal(text, at + 1) || !hexadecimal(text, at + 2)
        : UNMATCHABLE.indexOf(c) >= 0;
  }

  private static boolean hexadecimal(String text, int at) {
    return Character.digit(text.charAt(at), 16) >= 0;
  }

  /**
   * The crawl-delay that the host asks for, {@link #MAX_CRAWL_DELAY} at most; null where it asks
   * for none, or for less than none.
   */
  public @Nullable Duration crawlDelay() {
    long millis = rules.getCrawlDelay(); // Unset is negative too.
    return millis < 0 ? null : Duration.ofMillis(Math.min(millis, MAX_CRAWL_DELAY.toMillis()));
  }

  /** About how many bytes of memory the rules take. */
  int weight() {
    return weight;
  }
}
