package io.sluice.frontier.hold;

import java.util.ArrayList;
import java.util.List;

/**
 * Pending corrections to the attempts counted for a host's URLs, which are identified by their
 * fingerprints. Each correction is applied when its URL is next leased. Immutable.
 *
 * @param owed URLs whose failed attempt was not counted and that turned out to have failed alone
 * @param forgiven URLs whose failed attempt was counted although the cause was the crawl's own
 *     network
 */
record Corrections(List<Long> owed, List<Long> forgiven) {

  /** Maximum number of URLs in a list; further ones are not corrected. */
  static final int MAX_URLS = 32;

  /** No corrections. */
  static final Corrections NONE = new Corrections(List.of(), List.of());

  Corrections {
    owed = List.copyOf(owed);
    forgiven = List.copyOf(forgiven);
  }

  boolean isEmpty() {
    return owed.isEmpty() && forgiven.isEmpty();
  }

  /** What to add to a URL's attempts: 1, 0 or -1. */
  int of(long url) {
    return (owed.contains(url) ? 1 : 0) - (forgiven.contains(url) ? 1 : 0);
  }

  Corrections owing(List<Long> urls) {
    return new Corrections(with(owed, urls), forgiven);
  }

  Corrections forgiving(List<Long> urls) {
    return new Corrections(owed, with(forgiven, urls));
  }

  /**
   * The same corrections without the given URL, which has been corrected or no longer needs to be.
   */
  Corrections without(long url) {
    return of(url) == 0 && !owed.contains(url)
        ? this
        : new Corrections(without(owed, url), without(forgiven, url));
  }

  static List<Long> with(List<Long> urls, List<Long> more) {
    List<Long> all = new ArrayList<>(urls);
    for (long url : more) {
      if (all.size() < MAX_URLS && !all.contains(url)) {
        all.add(url);
      }
    }
    return all;
  }

  static List<Long> without(List<Long> urls, long url) {
    List<Long> fewer = new ArrayList<>(urls);
    fewer.remove(url);
    return fewer;
  }
}
