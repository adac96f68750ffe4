package io.sluice.parser.extract;

import io.sluice.core.config.ParserSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.message.Header;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Limits on what is extracted from a page, and which links are followed. Immutable.
 *
 * @param maxTextBytes maximum length of the text, and of the title, in UTF-8 bytes
 * @param maxLinks maximum number of links
 * @param maxUrlLength maximum length of a link's URL, in characters; longer ones are left out
 * @param maxTreeBytes maximum memory of a page's tree; the rest of the page is cut off
 * @param follow the words of the kinds of links that are followed; empty if none are
 * @param robotsToken the crawler's product token (RFC 9309, 2.2.1), lower case
 * @param obeyRobots whether a page's nofollow is obeyed
 * @param maxRefreshes maximum number of redirects and refreshes before a page whose refresh is
 *     followed; 0 turns refreshes off
 * @param robots which further robots directives are obeyed
 * @param wanted the fields and links to extract besides the default ones
 */
public record ExtractBounds(
    int maxTextBytes,
    int maxLinks,
    int maxUrlLength,
    long maxTreeBytes,
    Set<String> follow,
    String robotsToken,
    boolean obeyRobots,
    int maxRefreshes,
    RobotsPolicy robots,
    Wanted wanted) {

  public ExtractBounds {
    follow = Set.copyOf(follow);
  }

  /** Bounds of an extraction of the default links, title and text only. */
  public ExtractBounds(
      int maxTextBytes,
      int maxLinks,
      int maxUrlLength,
      long maxTreeBytes,
      Set<String> follow,
      String robotsToken,
      boolean obeyRobots,
      int maxRefreshes) {
    this(
        maxTextBytes,
        maxLinks,
        maxUrlLength,
        maxTreeBytes,
        follow,
        robotsToken,
        obeyRobots,
        maxRefreshes,
        RobotsPolicy.NONE,
        Wanted.NOTHING);
  }

  /** The same bounds with other wanted fields and links. */
  public ExtractBounds with(Wanted other) {
    return new ExtractBounds(
        maxTextBytes,
        maxLinks,
        maxUrlLength,
        maxTreeBytes,
        follow,
        robotsToken,
        obeyRobots,
        maxRefreshes,
        robots,
        other);
  }

  /** Whether a response's fields forbid archiving it, whatever its body contains. */
  public boolean forbidsArchive(List<Header> headers) {
    return robots.forbidsArchive(RobotsDirectives.ofFields(robotsToken, headers).all());
  }

  /** Whether links of a page with these directives may be followed. */
  boolean follows(RobotsDirectives robots) {
    return !(obeyRobots && robots.noFollow());
  }

  /**
   * The bounds that a crawl's settings state.
   *
   * @param maxTreeBytes maximum memory of a page's tree, which depends on the heap
   */
  public static ExtractBounds of(SluiceConfig config, long maxTreeBytes) {
    ParserSettings parser = config.parser();
    Set<String> kinds = new HashSet<>(parser.follow());
    kinds.addAll(parser.links());
    Set<String> follow = new HashSet<>(parser.follow());
    if (config.parser().maxRefreshes() > 0) {
      follow.add(LinkKind.REFRESH.word());
    }
    return new ExtractBounds(
        config.parser().maxTextBytes(),
        config.parser().maxLinks(),
        config.scope().maxUrlLength(),
        maxTreeBytes,
        config.crawl().followLinks() ? follow : Set.of(),
        RobotsDirectives.productToken(config.crawl().userAgent()),
        parser.robots().nofollow() && config.politeness().obeyRobots(),
        config.parser().maxRefreshes(),
        RobotsPolicy.of(config),
        Wanted.of(parser.fields(), kinds));
  }
}
