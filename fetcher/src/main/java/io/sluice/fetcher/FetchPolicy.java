package io.sluice.fetcher;

import io.sluice.core.config.FetcherSettings;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lifecycle.Backoff;
import io.sluice.core.url.Url;
import io.sluice.fetcher.http.Response;
import io.sluice.fetcher.http.RetryAfter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a lease after its visit: which failures may be temporary and are retried,
 * after what delay, and how often. A pure policy; the caller acts on it. Immutable.
 *
 * @param attempts maximum number of leases on one URL
 * @param retryDelay delay before the second attempt; doubles with each further attempt
 * @param maxRedirects maximum number of redirects in a row
 */
record FetchPolicy(int attempts, Duration retryDelay, int maxRedirects) {
  /** Maximum delay before another attempt. */
  static final Duration MAX_RETRY_DELAY = Duration.ofHours(1);

  static FetchPolicy of(FetcherSettings settings) {
    return new FetchPolicy(settings.attempts(), settings.retryDelay(), settings.maxRedirects());
  }

  /**
   * Decides what becomes of a lease; docs/outcomes.md lists the decisions in a table.
   *
   * @param ruling whether the failure, if any, is charged to the URL or to its host
   */
  Decision decide(Lease lease, VisitResult result, VisitTimes times, Ruling ruling) {
    Reason trouble = trouble(result);
    if (trouble != null && ruling == Ruling.SPARED) {
      return new Decision.Settle(new Settlement.Postpone(trouble));
    }
    return switch (result) {
      case VisitResult.Fetched fetched -> fetched(lease, fetched.response(), times);
      case VisitResult.Redirected redirected -> redirected(lease, redirected, times);
      case VisitResult.NotModified unchanged -> unchanged(unchanged.response(), times);
      case VisitResult.RobotsDenied(Reason reason) when reason.bySettings() -> setAside(reason);
      case VisitResult.Refused(Reason reason) when reason.bySettings() -> setAside(reason);
      case VisitResult.RobotsDenied denied ->
          retryOrEnd(lease, Ending.ROBOTS_DENIED, denied.reason(), null, times);
      case VisitResult.Refused refused ->
          retryOrEnd(lease, Ending.REFUSED, refused.reason(), null, times);
      // Only a first attempt uses a kept connection, so the second cannot fail for this reason.
      case VisitResult.Failed(Reason reason, _, _) when reason == Reason.STALE_CONNECTION ->
          retry(Duration.ZERO, reason);
      case VisitResult.Failed failed ->
          retryOrEnd(lease, Ending.FAILED, failed.reason(), failed.ip(), times);
      case VisitResult.Deferred _ -> new Decision.Settle(new Settlement.GiveBack());
    };
  }

  /** The reason why a visit failed, if that reason counts against the host; else null. */
  static @Nullable Reason trouble(VisitResult result) {
    Reason reason =
        switch (result) {
          case VisitResult.Fetched fetched -> Reason.ofPassingStatus(fetched.response().status());
          case VisitResult.RobotsDenied denied -> denied.reason();
          case VisitResult.Failed failed -> failed.reason();
          case VisitResult.Redirected _,
              VisitResult.NotModified _,
              VisitResult.Refused _,
              VisitResult.Deferred _ ->
              null;
        };
    return reason != null && reason.finding().troubled() ? reason : null;
  }

  /**
   * What a visit found out about its host.
   *
   * @param answered whether the host answered during the visit, either for the page or for its
   *     robots.txt
   */
  static Finding finding(VisitResult result, boolean answered) {
    Reason trouble = trouble(result);
    if (trouble != null) {
      return result instanceof VisitResult.Failed failed && failed.cutShort()
          ? Finding.CUT_SHORT
          : trouble.finding();
    }
    return switch (result) {
      case VisitResult.Fetched fetched ->
          fetched.response().status() < 500 ? Finding.GOOD : Finding.NOTHING;
      case VisitResult.Redirected _, VisitResult.NotModified _ -> Finding.GOOD;
      case VisitResult.RobotsDenied _,
          VisitResult.Refused _,
          VisitResult.Failed _,
          VisitResult.Deferred _ ->
          answered ? Finding.GOOD : Finding.NOTHING;
    };
  }

  private static Decision setAside(Reason reason) {
    return new Decision.Settle(new Settlement.SetAside(reason));
  }

  private Decision fetched(Lease lease, Response response, VisitTimes times) {
    Reason trouble = Reason.ofPassingStatus(response.status());
    if (trouble == null || lease.attempt() >= attempts) {
      return new Decision.Publish(response);
    }
    Duration asked = RetryAfter.of(response, times.endedAt());
    Duration delay = delayAfter(lease.attempt());
    return retry(asked != null && asked.compareTo(delay) > 0 ? asked : delay, trouble);
  }

  private Decision redirected(Lease lease, VisitResult.Redirected redirected, VisitTimes times) {
    Response response = redirected.response();
    Url target = redirected.target();
    boolean back = target.equals(lease.url()) || lease.redirects().contains(target.href());
    if (back && redirected.chain().repeats(target)) {
      return done(answered(Ending.FAILED, Reason.REDIRECT_LOOP, response, times, null));
    }
    if (lease.redirects().size() >= maxRedirects) {
      return done(answered(Ending.FAILED, Reason.TOO_MANY_REDIRECTS, response, times, null));
    }
    if (target.equals(lease.url())) {
      return new Decision.Settle(new Settlement.HopBack());
    }
    Offer offer = target(lease, redirected);
    // The redirecting URL has ended without a page; it is requested again only with other cookies.
    return done(
        answered(Ending.REDIRECTED, Reason.REDIRECT, response, times, target),
        back ? offer.onceMore() : offer);
  }

  private static Decision done(UrlEnd end, Offer... offers) {
    return new Decision.Settle(new Settlement.Done(end, List.of(offers)));
  }

  private static Decision unchanged(Response response, VisitTimes times) {
    return done(answered(Ending.UNCHANGED, Reason.NOT_MODIFIED, response, times, null));
  }

  private static UrlEnd answered(
      Ending ending, Reason reason, Response response, VisitTimes times, @Nullable Url target) {
    return new UrlEnd(
        ending,
        reason,
        response.status(),
        response.ip(),
        times.endedAt(),
        times.millis(),
        response.body().size(),
        target == null ? null : new UrlEnd.Target(target.href(), null));
  }

  private static Offer target(Lease lease, VisitResult.Redirected redirected) {
    List<String> chain = new ArrayList<>(lease.redirects());
    chain.add(lease.url().href());
    return new Offer(redirected.target(), lease.depth(), lease.url().href(), chain, lease.labels());
  }

  private Decision retryOrEnd(
      Lease lease, Ending ending, Reason reason, @Nullable String ip, VisitTimes times) {
    if (reason.mayPass() && lease.attempt() < attempts) {
      return retry(delayAfter(lease.attempt()), reason);
    }
    UrlEnd end = new UrlEnd(ending, reason, 0, ip, times.endedAt(), times.millis(), 0);
    return new Decision.Settle(new Settlement.Done(end, List.of()));
  }

  private static Decision retry(Duration after, Reason reason) {
    return new Decision.Settle(new Settlement.Retry(after, reason));
  }

  private Duration delayAfter(int attempt) {
    return new Backoff(retryDelay, MAX_RETRY_DELAY).after(attempt);
  }
}
