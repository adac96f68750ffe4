package io.sluice.fetcher;

import io.sluice.core.config.FetcherSettings;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.fetcher.http.Response;
import io.sluice.fetcher.reason.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a lease after its visit: which failures may pass and are tried again, how
 * long after, and when it is enough. A pure policy; the caller acts on it. Immutable.
 *
 * @param attempts leases on one URL at most
 * @param retryDelay before the second attempt; doubles with each
 * @param maxRedirects redirects in a row at most
 */
record FetchPolicy(int attempts, Duration retryDelay, int maxRedirects) {
  /** No attempt waits longer for the one before it. */
  static final Duration MAX_RETRY_DELAY = Duration.ofHours(1);

  static FetchPolicy of(FetcherSettings settings) {
    return new FetchPolicy(settings.attempts(), settings.retryDelay(), settings.maxRedirects());
  }

  /** The decision; see docs/outcomes.md for it as a table. */
  Decision decide(Lease lease, FetchOutcome outcome, VisitTimes times) {
    return switch (outcome) {
      case FetchOutcome.Fetched fetched -> fetched(lease, fetched.response(), times);
      case FetchOutcome.Redirected redirected -> redirected(lease, redirected, times);
      case FetchOutcome.NotModified unchanged -> unchanged(unchanged.response(), times);
      case FetchOutcome.RobotsDenied denied ->
          retryOrEnd(lease, Ending.ROBOTS_DENIED, denied.reason(), null, times);
      case FetchOutcome.Refused refused ->
          retryOrEnd(lease, Ending.REFUSED, refused.reason(), null, times);
      case FetchOutcome.Failed failed ->
          retryOrEnd(lease, Ending.FAILED, failed.reason(), failed.ip(), times);
      case FetchOutcome.Deferred _ -> new Decision.Settle(new Settlement.GiveBack());
    };
  }

  /** Why a response is no good now but may be later; null if it is final. */
  static @Nullable Reason passingTrouble(int status) {
    return switch (status) {
      case 429 -> Reason.TOO_MANY_REQUESTS;
      case 501, 505 -> null;
      default -> status >= 500 ? Reason.SERVER_ERROR : null;
    };
  }

  /** Whether a visit shows that its host is in trouble, if anything was asked of the host. */
  static boolean troubled(FetchOutcome outcome) {
    return switch (outcome) {
      case FetchOutcome.Fetched fetched -> passingTrouble(fetched.response().status()) != null;
      case FetchOutcome.RobotsDenied denied -> denied.reason().mayPass();
      case FetchOutcome.Failed failed -> failed.reason().mayPass();
      case FetchOutcome.Redirected _,
          FetchOutcome.NotModified _,
          FetchOutcome.Refused _,
          FetchOutcome.Deferred _ ->
          false;
    };
  }

  private Decision fetched(Lease lease, Response response, VisitTimes times) {
    Reason trouble = passingTrouble(response.status());
    if (trouble == null || lease.attempt() >= attempts) {
      return new Decision.Publish(response);
    }
    Duration asked = RetryAfter.of(response, times.endedAt());
    Duration delay = delayAfter(lease.attempt());
    return retry(asked != null && asked.compareTo(delay) > 0 ? asked : delay, trouble);
  }

  private Decision redirected(Lease lease, FetchOutcome.Redirected redirected, VisitTimes times) {
    Response response = redirected.response();
    boolean tooMany = lease.redirects().size() >= maxRedirects;
    UrlEnd end =
        tooMany
            ? answered(Ending.FAILED, Reason.TOO_MANY_REDIRECTS, response, times)
            : answered(Ending.REDIRECTED, Reason.REDIRECT, response, times);
    List<Offer> offers = tooMany ? List.of() : List.of(target(lease, redirected));
    return new Decision.Settle(new Settlement.Done(end, offers));
  }

  private static Decision unchanged(Response response, VisitTimes times) {
    UrlEnd end = answered(Ending.UNCHANGED, Reason.NOT_MODIFIED, response, times);
    return new Decision.Settle(new Settlement.Done(end, List.of()));
  }

  private static UrlEnd answered(
      Ending ending, Reason reason, Response response, VisitTimes times) {
    return new UrlEnd(
        ending,
        reason.word(),
        response.status(),
        response.ip(),
        times.endedAt(),
        times.millis(),
        response.body().size());
  }

  private static Offer target(Lease lease, FetchOutcome.Redirected redirected) {
    List<String> chain = new ArrayList<>(lease.redirects());
    chain.add(lease.url().href());
    return new Offer(redirected.target(), lease.depth(), lease.url().href(), chain, lease.labels());
  }

  private Decision retryOrEnd(
      Lease lease, Ending ending, Reason reason, @Nullable String ip, VisitTimes times) {
    if (reason.mayPass() && lease.attempt() < attempts) {
      return retry(delayAfter(lease.attempt()), reason);
    }
    UrlEnd end = new UrlEnd(ending, reason.word(), 0, ip, times.endedAt(), times.millis(), 0);
    return new Decision.Settle(new Settlement.Done(end, List.of()));
  }

  private static Decision retry(Duration after, Reason reason) {
    return new Decision.Settle(new Settlement.Retry(after, reason.word()));
  }

  private Duration delayAfter(int attempt) {
    Duration delay = retryDelay;
    for (int i = 1; i < attempt && delay.compareTo(MAX_RETRY_DELAY) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(MAX_RETRY_DELAY) > 0 ? MAX_RETRY_DELAY : delay;
  }
}
