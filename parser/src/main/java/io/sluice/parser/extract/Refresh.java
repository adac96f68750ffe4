package io.sluice.parser.extract;

import org.jspecify.annotations.Nullable;

/**
 * A page's refresh, if it has one: that of the Refresh field, otherwise of the first meta element
 * that can be parsed (HTML standard, 4.2.5.3). Confined to its page's extraction.
 */
final class Refresh {

  /**
   * Maximum delay of a refresh that is followed. One after a longer delay is an ordinary link:
   * people are meant to read the page.
   */
  private static final int LONGEST_SECONDS = 30;

  private @Nullable MetaRefresh first;

  /**
   * Takes the Refresh field or a meta element, in that order; null for one that cannot be parsed.
   */
  void take(@Nullable MetaRefresh refresh) {
    if (first == null) {
      first = refresh;
    }
  }

  /**
   * The URL that replaces the page; null if there is none, if the delay is too long, or if it is
   * the page itself.
   *
   * @param links resolves the URL
   */
  @Nullable String target(LinkResolver links) {
    MetaRefresh refresh = first;
    if (refresh == null || refresh.url() == null || refresh.seconds() > LONGEST_SECONDS) {
      return null;
    }
    String url = links.resolve(refresh.url());
    return url.equals(LinkResolver.NO_LINK) ? null : url;
  }
}
