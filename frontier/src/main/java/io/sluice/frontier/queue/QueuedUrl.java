package io.sluice.frontier.queue;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Offer;
import java.util.ArrayList;
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
 * @param attempts number of visits since it was queued that counted as attempts
 * @param revisit what is stored about its last visit; null before that
 * @param reason why it was last postponed, in the words of the crawl log; null if it never was
 */
public record QueuedUrl(
    String href,
    int depth,
    @Nullable String via,
    List<String> redirects,
    Labels labels,
    int attempts,
    @Nullable Revisit revisit,
    @Nullable String reason) {

  public QueuedUrl {
    redirects = List.copyOf(redirects);
  }

  /** Creates a URL that has never ended before. */
  public QueuedUrl(
      String href,
      int depth,
      @Nullable String via,
      List<String> redirects,
      Labels labels,
      int attempts) {
    this(href, depth, via, redirects, labels, attempts, null, null);
  }

  /** Creates the URL of an offer that was just accepted. */
  public static QueuedUrl of(Offer offer) {
    return of(offer, offer.labels());
  }

  /** Creates the URL of an offer that was just accepted, with other labels. */
  public static QueuedUrl of(Offer offer, Labels labels) {
    return new QueuedUrl(
        offer.url().href(), offer.depth(), offer.via(), offer.redirects(), labels, 0);
  }

  /** The same URL with {@code more} attempts added, a number that may be negative. */
  public QueuedUrl attempted(int more) {
    int counted = Math.max(0, attempts + more);
    return new QueuedUrl(href, depth, via, redirects, labels, counted, revisit, reason);
  }

  /** The same URL, postponed for a reason; null clears the reason. */
  public QueuedUrl putOff(@Nullable String why) {
    return new QueuedUrl(href, depth, via, redirects, labels, attempts, revisit, why);
  }

  /** The same URL, to be visited again; its priority is reduced to normal if it was higher. */
  public QueuedUrl again(Revisit remembered) {
    List<String> chain = chainBefore(href, redirects);
    return new QueuedUrl(href, depth, via, chain, labels.ofLinks(), 0, remembered, null);
  }

  /** The same URL after a redirect to itself. */
  public QueuedUrl hoppedBack() {
    List<String> longer = new ArrayList<>(redirects);
    longer.add(href);
    return new QueuedUrl(href, depth, via, longer, labels, attempts, revisit, reason);
  }

  /**
   * The redirects that first led to a URL, without those that led back to it: a later visit starts
   * with these.
   */
  public static List<String> chainBefore(String href, List<String> redirects) {
    int first = redirects.indexOf(href);
    return first < 0 ? redirects : redirects.subList(0, first);
  }
}
