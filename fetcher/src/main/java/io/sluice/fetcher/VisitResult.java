package io.sluice.fetcher;

import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Reason;
import io.sluice.core.url.Url;
import io.sluice.fetcher.cookie.RedirectChain;
import io.sluice.fetcher.http.Response;
import org.jspecify.annotations.Nullable;

/** The result of a visit; {@link FetchPolicy} decides what becomes of its lease. */
sealed interface VisitResult {
  /** A final response, whatever its status, that is not a redirect to follow. */
  record Fetched(Response response) implements VisitResult {}

  /**
   * A redirect.
   *
   * @param target where it leads
   * @param chain the redirects up to and including this one
   */
  record Redirected(Response response, Url target, RedirectChain chain) implements VisitResult {}

  /**
   * The page has not changed since its last visit and was not sent again (304, RFC 9110, 15.4.5).
   */
  record NotModified(Response response) implements VisitResult {}

  /** The host's robots.txt forbids the visit, or it is unknown whether it does. */
  record RobotsDenied(Reason reason) implements VisitResult {}

  /** The guard forbids the visit. */
  record Refused(Reason reason) implements VisitResult {}

  /**
   * The visit does not count: the fetcher is stopping, only robots.txt was fetched from the host,
   * or no request may be sent to its address now.
   */
  enum Deferred implements VisitResult {
    /** The page's request was never sent. */
    UNSENT,
    /** The page's request was on the wire, so the host will receive it twice. */
    CUT;

    static Deferred of(boolean sent) {
      return sent ? CUT : UNSENT;
    }
  }

  /**
   * The visit got no usable response.
   *
   * @param ip the address that was asked; null if there was none
   * @param cutShort whether {@link Lease.Terms#firstByte} ended the visit before the usual timeouts
   *     would have ended it
   */
  record Failed(Reason reason, @Nullable String ip, boolean cutShort) implements VisitResult {

    /** A failure that {@link Lease.Terms#firstByte} did not hasten. */
    Failed(Reason reason, @Nullable String ip) {
      this(reason, ip, false);
    }
  }
}
