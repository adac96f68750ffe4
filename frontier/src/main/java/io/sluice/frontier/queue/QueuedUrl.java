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
 * @param attempts visits so far, since it was queued
 * @param revisit what is remembered of its last visit; null before that
 */
public record QueuedUrl(
    String href,
    int depth,
    @Nullable String via,
    List<String> redirects,
    Labels labels,
    int attempts,
    @Nullable Revisit revisit) {

  public QueuedUrl {
    redirects = List.copyOf(redirects);
  }

  /** A URL that was never visited to an end. */
  public QueuedUrl(
      String href,
      int depth,
      @Nullable String via,
      List<String> redirects,
      Labels labels,
      int attempts) {
    this(href, depth, via, redirects, labels, attempts, null);
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
    return new QueuedUrl(href, depth, via, redirects, labels, attempts + 1, revisit);
  }

  /** The same, to be visited again; not before what is usual, however urgent it was once. */
  public QueuedUrl again(Revisit remembered) {
    return new QueuedUrl(href, depth, via, redirects, labels.ofLinks(), 0, remembered);
  }
}
