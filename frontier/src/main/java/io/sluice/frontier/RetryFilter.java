package io.sluice.frontier;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.UrlEnd;
import org.jspecify.annotations.Nullable;

/**
 * Selects the given-up hosts and failed URLs that are to be retried; if a reason is named, also
 * pages with an error status and that reason. Immutable.
 *
 * @param reason only those given up or failed for this reason, in the words of the crawl log; null
 *     for any reason
 * @param host only this host and its URLs; null for all hosts
 */
public record RetryFilter(@Nullable String reason, @Nullable String host) {

  /** The lowest status that stands for an error (RFC 9110, section 15.5). */
  private static final int FIRST_ERROR = 400;

  /** Matches every host and every URL. */
  public static final RetryFilter ALL = new RetryFilter(null, null);

  /**
   * Whether the filter includes a URL with the given end: one that failed or, if the filter names a
   * reason, also a page with an error status, such as those that end by {@code server-error}.
   */
  public boolean matches(String ofHost, UrlEnd end) {
    boolean errorPage = end.ending() == Ending.PAGE && end.status() >= FIRST_ERROR;
    return (end.ending() == Ending.FAILED || (errorPage && reason != null))
        && matches(ofHost, end.reason());
  }

  /**
   * Whether the filter includes a host that was given up, or has URLs that failed, for the given
   * reason.
   */
  public boolean matches(String ofHost, String why) {
    return (host == null || host.equals(ofHost)) && (reason == null || reason.equals(why));
  }
}
