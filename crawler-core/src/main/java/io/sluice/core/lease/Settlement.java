package io.sluice.core.lease;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a lease ends; each lease gets exactly one settlement. */
public sealed interface Settlement {

  /**
   * The URL has ended for good, unless it is a page that is due for a later visit.
   *
   * @param end what the crawl log records about it
   * @param offers what was found there; journaled together with the end
   * @param version the version of the page that was found; null if unknown
   */
  record Done(UrlEnd end, List<Offer> offers, @Nullable PageVersion version) implements Settlement {
    public Done {
      offers = List.copyOf(offers);
    }

    /** An end without a version. */
    public Done(UrlEnd end, List<Offer> offers) {
      this(end, offers, null);
    }
  }

  /**
   * The URL is to be visited again; the visit counts as an attempt.
   *
   * @param after the minimum wait
   * @param reason why
   */
  record Retry(Duration after, Reason reason) implements Settlement {}

  /**
   * The visit failed because of its host, according to the {@link Ruling}: the URL is queued behind
   * the host's others, and no attempt is counted unless the host gives a good answer for another
   * URL.
   *
   * @param reason why
   */
  record Postpone(Reason reason) implements Settlement {}

  /**
   * The current settings refuse the URL: it is kept apart, and judged again when the settings have
   * changed.
   *
   * @param reason the refusal, such as {@link Reason#PORT_FORBIDDEN}
   */
  record SetAside(Reason reason) implements Settlement {}

  /**
   * The fetcher died while it was fetching the URL, which may be the cause: it counts as an
   * attempt, and the URL waits while others proceed, four times longer with each attempt.
   */
  record Struck() implements Settlement {}

  /**
   * The URL redirected to itself, and will be requested again with the cookies that it set. It goes
   * back to the head of its queue, with one more redirect in its chain. No attempt is counted.
   */
  record HopBack() implements Settlement {}

  /** Nothing happened: the URL goes back to the head of its queue and no attempt is counted. */
  record GiveBack() implements Settlement {}
}
