package io.sluice.frontier.queue;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Offer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A URL on its way through the frontier. Immutable.
 *
 * @param href the URL, normalized
 * @param depth links followed from a seed
 * @param via the URL that led here; null for a seed
 * @param redirects the URLs that redirected here, first to last
 * @param labels its priority and tag
 * @param attempts visits so far
 */
public record QueuedUrl(
    String href,
    int depth,
    @Nullable String via,
    List<String> redirects,
    Labels labels,
    int attempts) {

  public QueuedUrl {
    redirects = List.copyOf(redirects);
  }

  /** An offer that was accepted just now. */
  public static QueuedUrl of(Offer offer) {
    return of(offer, offer.labels());
  }

  /** An offer that was accepted just now and is labelled so. */
  public static QueuedUrl of(Offer offer, Labels labels) {
    return new QueuedUrl(
        offer.url().href(), offer.depth(), offer.via(), offer.redirects(), labels, 0);
  }

  /** The same with one more visit behind it. */
  public QueuedUrl attempted() {
    return new QueuedUrl(href, depth, via, redirects, labels, attempts + 1);
  }
}
