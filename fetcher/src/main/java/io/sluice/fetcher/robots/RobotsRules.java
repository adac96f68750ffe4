package io.sluice.fetcher.robots;

import crawlercommons.robots.SimpleRobotRules;
import crawlercommons.robots.SimpleRobotRules.RobotRulesMode;
import crawlercommons.robots.SimpleRobotRulesParser;
import io.sluice.core.url.Url;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one origin for one crawler, as crawler-commons reads them. They are matched here,
 * since that library's matcher denies {@code /} for {@code Disallow: /index.html}. Immutable.
 */
public final class RobotsRules {
  /** Maximum number of bytes read of a robots.txt; RFC 9309, 2.5 requires at least this many. */
  public static final int MAX_BYTES = 500 * 1024;

  /** Maximum crawl-delay; longer ones are reduced to this. */
  public static final Duration MAX_CRAWL_DELAY = Duration.ofDays(1);

  /** The rules of a robots.txt that does not exist: everything is allowed. */
  static final RobotsRules ALLOW_ALL =
      new RobotsRules(new SimpleRobotRules(RobotRulesMode.ALLOW_ALL), 0);

  /** Approximate memory of a rule in addition to its pattern, in bytes. */
  private static final int RULE_WEIGHT = 96;

  /** Approximate memory of an answer without rules, in bytes. */
  static final int BASE_WEIGHT = 256;

  /** Characters that have a meaning in a pattern and are encoded in a path. */
  private static final boolean[] SPECIAL = special();

  private static final byte[] NOTHING = {'#'};

  private final List<RobotsRule> rules;
  private final boolean allowNone;
  private final long crawlDelayMillis;
  private final int problems;
  private final int weight;

  private RobotsRules(SimpleRobotRules read, int problems) {
    this.rules =
        read.getRobotRules().stream()
            .map(rule -> RobotsRule.of(rule.getPrefix(), rule.isAllow()))
            .toList();
    this.allowNone = read.isAllowNone();
    this.crawlDelayMillis = read.getCrawlDelay();
    this.problems = problems;
    this.weight =
        BASE_WEIGHT + rules.stream().mapToInt(rule -> RULE_WEIGHT + rule.pattern().length()).sum();
  }

  private static boolean[] special() {
    boolean[] special = new boolean[128];
    special['*'] = true;
    special['$'] = true;
    return special;
  }

  /**
   * Reads a robots.txt.
   *
   * @param file the file's bytes, without a content coding
   * @param token the product token that groups are looked up by, in lower case
   */
  static RobotsRules parse(byte[] file, String token) {
    SimpleRobotRulesParser parser = new SimpleRobotRulesParser(Long.MAX_VALUE, 0);
    parser.setExactUserAgentMatching(true);
    read(parser, NOTHING, token); // the parser counts warnings only after its first file
    SimpleRobotRules read = read(parser, file, token);
    return new RobotsRules(read, parser.getNumWarnings());
  }

  private static SimpleRobotRules read(SimpleRobotRulesParser parser, byte[] file, String token) {
    return parser.parseContent("http://host/robots.txt", file, "text/plain", Set.of(token));
  }

  /**
   * The product token of a user agent: everything before the first character that a token cannot
   * contain (RFC 9309, 2.2.1), in lower case.
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

  /**
   * Whether the URL, which must be of this origin, may be fetched: the most specific rule decides,
   * or, among equally specific ones, a rule that allows (RFC 9309, 2.2.2).
   */
  public boolean allows(Url url) {
    if (allowNone || rules.isEmpty() || url.pathAndQuery().equals("/robots.txt")) {
      return !allowNone;
    }
    String path = SimpleRobotRules.escapePath(url.pathAndQuery(), SPECIAL);
    int longest = -1;
    boolean allowed = true;
    for (RobotsRule rule : rules) {
      int length = rule.match(path);
      if (length > longest) {
        longest = length;
        allowed = rule.allow();
      } else if (length == longest && length >= 0) {
        allowed |= rule.allow();
      }
    }
    return allowed;
  }

  /** How many lines of the file could not be read as rules or other directives. */
  int problems() {
    return problems;
  }

  /**
   * The crawl-delay that the host requests, at most {@link #MAX_CRAWL_DELAY}; null if it requests
   * none, or a negative one.
   */
  public @Nullable Duration crawlDelay() {
    return crawlDelayMillis < 0 // the library's value for unset is negative, too
        ? null
        : Duration.ofMillis(Math.min(crawlDelayMillis, MAX_CRAWL_DELAY.toMillis()));
  }

  /** Approximate size of the rules in memory, in bytes. */
  int weight() {
    return weight;
  }
}
