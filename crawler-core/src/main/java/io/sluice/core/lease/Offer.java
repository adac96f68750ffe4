package io.sluice.core.lease;

import io.sluice.core.url.Url;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A URL that somebody found and the frontier may queue, unless it was seen or is out of scope.
 * Immutable.
 *
 * @param url the URL
 * @param depth links followed from a seed, 0 for a seed
 * @param via the URL of the page or redirect that named it; null for a seed
 * @param redirects the URLs that redirected to it, first to last; empty for a link
 * @param labels its priority and tag
 */
public record Offer(
    Url url, int depth, @Nullable String via, List<String> redirects, Labels labels) {

  public Offer {
    redirects = List.copyOf(redirects);
  }

  /** An offer with the usual priority and no tag. */
  public Offer(Url url, int depth, @Nullable String via, List<String> redirects) {
    this(url, depth, via, redirects, Labels.NONE);
  }

  /** A seed: depth 0, found nowhere. */
  public static Offer seed(Url url) {
    return seed(url, Labels.NONE);
  }

  /** A seed of which something was said. */
  public static Offer seed(Url url, Labels labels) {
    return new Offer(url, 0, null, List.of(), labels);
  }

  /** The same offer of another URL. */
  public Offer withUrl(Url other) {
    return new Offer(other, depth, via, redirects, labels);
  }
}
