package io.sluice.fetcher;

import io.sluice.core.url.Url;
import io.sluice.fetcher.http.Response;
import io.sluice.fetcher.reason.Reason;
import org.jspecify.annotations.Nullable;

/** What a visit came to; {@link FetchPolicy} decides what becomes of its lease. */
sealed interface FetchOutcome {
  /** A final response, whatever its status, that is not a redirect to follow. */
  record Fetched(Response response) implements FetchOutcome {}

  /**
   * A redirect.
   *
   * @param target where to
   */
  record Redirected(Response response, Url target) implements FetchOutcome {}

  /** The page is as it was at its last visit, and was not sent again (304, RFC 9110, 15.4.5). */
  record NotModified(Response response) implements FetchOutcome {}

  /** The host's robots.txt forbids the visit, or nobody knows whether it does. */
  record RobotsDenied(Reason reason) implements FetchOutcome {}

  /** The guard forbids the visit. */
  record Refused(Reason reason) implements FetchOutcome {}

  /**
   * Nothing came of it that counts: the fetcher stops, the host was only asked for its rules, or
   * its address may not be asked now.
   *
   * @param cut whether the page's request was on the wire: the host will see it twice
   */
  record Deferred(boolean cut) implements FetchOutcome {}

  /**
   * There is no usable response.
   *
   * @param ip the address that was asked; null where there was none
   */
  record Failed(Reason reason, @Nullable String ip) implements FetchOutcome {}
}
