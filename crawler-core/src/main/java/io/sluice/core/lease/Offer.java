package io.sluice.core.lease;

import io.sluice.core.url.Url;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A URL that was found and that the frontier may queue, unless it was seen or is out of scope.
 * Immutable.
 *
 * @param depth number of links followed from a seed, 0 for a seed
 * @param via the URL of the page or redirect that named it; null for a seed
 * @param redirects the URLs that redirected to it, first to last; empty for a link
 * @param labels its priority and tag
 * @param evenIfSeen whether it is queued even if it was seen; the caller knows that it has ended
 */
public record Offer(
    Url url,
    int depth,
    @Nullable String via,
    List<String> redirects,
    Labels labels,
    boolean evenIfSeen) {

  public Offer {
    redirects = List.copyOf(redirects);
  }

  /** An offer of a URL that is queued unless it was seen. */
  public Offer(Url url, int depth, @Nullable String via, List<String> redirects, Labels labels) {
    this(url, depth, via, redirects, labels, false);
  }

  /** An offer with normal priority and no tag. */
  public Offer(Url url, int depth, @Nullable String via, List<String> redirects) {
    this(url, depth, via, redirects, Labels.NONE);
  }

  /** A seed, of depth 0, without a page that named it. */
  public static Offer seed(Url url) {
    return seed(url, Labels.NONE);
  }

  /** A seed with labels. */
  public static Offer seed(Url url, Labels labels) {
    return new Offer(url, 0, null, List.of(), labels);
  }

  /** The same offer with another URL. */
  public Offer withUrl(Url other) {
    return new Offer(other, depth, via, redirects, labels, evenIfSeen);
  }

  /** The same offer, to be queued even if the URL was seen, since its first visit has ended. */
  public Offer onceMore() {
    return new Offer(url, depth, via, redirects, labels, true);
  }
}
