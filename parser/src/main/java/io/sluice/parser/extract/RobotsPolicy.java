package io.sluice.parser.extract;

import io.sluice.core.config.ParserSettings;
import io.sluice.core.config.SluiceConfig;
import java.time.Instant;
import java.util.List;

/**
 * Which robots directives are obeyed besides a page's nofollow. A pure policy. Immutable.
 *
 * @param relNofollow whether links with rel=nofollow are not followed
 * @param noindex whether the content of a page with noindex is dropped
 * @param noarchive whether the original of a page with noarchive is dropped
 * @param unavailableAfter whether the content of a page is dropped after the date that it states
 */
public record RobotsPolicy(
    boolean relNofollow, boolean noindex, boolean noarchive, boolean unavailableAfter) {

  /** Obeys none of these directives. */
  public static final RobotsPolicy NONE = new RobotsPolicy(false, false, false, false);

  private static final String UNAVAILABLE_AFTER = "unavailable_after:";

  /** The policy that a crawl's settings state. */
  static RobotsPolicy of(SluiceConfig config) {
    ParserSettings.Robots robots = config.parser().robots();
    return config.politeness().obeyRobots()
        ? new RobotsPolicy(
            robots.relNofollow(), robots.noindex(), robots.noarchive(), robots.unavailableAfter())
        : NONE;
  }

  /**
   * Whether a page's content must not be kept.
   *
   * @param directives those that apply to this crawler, lower case
   * @param visitedAt when the page was fetched
   */
  public boolean hidesContent(List<String> directives, Instant visitedAt) {
    return (noindex && (directives.contains("noindex") || directives.contains("none")))
        || (unavailableAfter && directives.stream().anyMatch(one -> isPast(one, visitedAt)));
  }

  /** Whether a page with these directives must not be archived as sent. */
  public boolean forbidsArchive(List<String> directives) {
    return noarchive && directives.contains("noarchive");
  }

  private static boolean isPast(String directive, Instant visitedAt) {
    if (!directive.startsWith(UNAVAILABLE_AFTER)) {
      return false;
    }
    Instant end = DirectiveDate.parse(directive.substring(UNAVAILABLE_AFTER.length()));
    return end != null && visitedAt.isAfter(end);
  }
}
