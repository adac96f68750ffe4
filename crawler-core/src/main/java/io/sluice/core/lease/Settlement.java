package io.sluice.core.lease;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a lease ends; each lease gets exactly one. */
public sealed interface Settlement {

  /**
   * The URL's crawl is over, unless it is a page that is to be visited again one day.
   *
   * @param end what the crawl log says of it
   * @param offers what was found there; journaled together with the end
   * @param version which version of the page was found; null where nobody can tell
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
   * The URL is to be visited again; it counts as an attempt.
   *
   * @param after how long to wait at least
   * @param reason the word that {@link UrlEnd#reason} would have
   */
  record Retry(Duration after, String reason) implements Settlement {}

  /** Nothing happened: the URL goes back to the head of its queue and no attempt is counted. */
  record GiveBack() implements Settlement {}
}
