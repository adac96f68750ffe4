package io.sluice.parser.extract;

import io.sluice.core.config.SluiceConfig;
import java.util.Set;

/**
 * How much is taken from a page and what is followed. Immutable.
 *
 * @param maxTextBytes UTF-8 bytes of text at most, and of title
 * @param maxLinks links at most
 * @param maxUrlLength characters of a link's URL at most; longer ones are left out
 * @param follow the kinds of links that are followed, as words; empty where links are not followed
 * @param robotsToken the crawler's product token (RFC 9309, 2.2.1), lower case
 * @param obeyRobots whether a page's nofollow is obeyed
 */
public record ExtractBounds(
    int maxTextBytes,
    int maxLinks,
    int maxUrlLength,
    Set<String> follow,
    String robotsToken,
    boolean obeyRobots) {

  public ExtractBounds {
    follow = Set.copyOf(follow);
  }

  /** The bounds that a crawl's settings state. */
  public static ExtractBounds of(SluiceConfig config) {
    return new ExtractBounds(
        config.parser().maxTextBytes(),
        config.parser().maxLinks(),
        config.scope().maxUrlLength(),
        config.crawl().followLinks() ? Set.copyOf(config.parser().follow()) : Set.of(),
        RobotsDirectives.productToken(config.crawl().userAgent()),
        config.politeness().obeyRobots());
  }
}
