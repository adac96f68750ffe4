package io.sluice.fetcher;

import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Settlement;
import io.sluice.core.url.Url;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.handover.PageSink;
import io.sluice.fetcher.handover.PageSink.Handed;
import io.sluice.fetcher.http.HttpClient;
import io.sluice.fetcher.http.HttpReply;
import io.sluice.fetcher.http.HttpRequest;
import io.sluice.fetcher.http.Response;
import io.sluice.fetcher.reason.Reason;
import io.sluice.fetcher.robots.RobotsAnswer;
import io.sluice.fetcher.robots.RobotsDesk;
import io.sluice.fetcher.robots.RobotsRules;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to a lease, from top to bottom: guard, robots, fetch; then, in {@link #end} and
 * nowhere else, it is handed over or settled.
 *
 * <p>Confined to one lane. The sink and the desk answer on threads of their own, where nothing of
 * this is touched but what is thread-safe.
 */
final class CrawlLoop {
  private static final Logger LOG = LoggerFactory.getLogger(CrawlLoop.class);

  /** The status that says so; it means something only to who asked (RFC 9110, 15.4.5). */
  private static final int NOT_MODIFIED = 304;

  private final CrawlRules rules;
  private final AddressGuard guard;
  private final RobotsDesk robots;
  private final HttpClient client;
  private final LeaseDesk desk;
  private final AddressDesk addresses;
  private final PageSink sink;
  private final UnderWay underWay;
  private final FetcherMetrics metrics;
  private final Clock clock;

  CrawlLoop(
      CrawlRules rules,
      AddressGuard guard,
      RobotsDesk robots,
      HttpClient client,
      LeaseDesk desk,
      AddressDesk addresses,
      PageSink sink,
      UnderWay underWay,
      FetcherMetrics metrics,
      Clock clock) {
    this.rules = rules;
    this.guard = guard;
    this.robots = robots;
    this.client = client;
    this.desk = desk;
    this.addresses = addresses;
    this.sink = sink;
    this.underWay = underWay;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Visits the lease's URL and brings the lease to its end.
   *
   * @param takenNanos when it was taken, by {@link System#nanoTime}
   */
  void crawl(Lease lease, long takenNanos) {
    Visiting visiting = new Visiting(lease, takenNanos, rules.totalNanos());
    var _ =
        CompletableFuture.completedFuture(visiting)
            .thenCompose(this::visit)
            .exceptionally(defect -> defective(lease, defect))
            .thenCompose(outcome -> end(visiting, outcome))
            .exceptionally(defect -> endDefective(visiting, defect))
            .whenComplete((_, _) -> visiting.letGo());
  }

  private CompletionStage<FetchOutcome> visit(Visiting visiting) {
    Url url = visiting.lease().url();
    Reason refusal = guard.refusal(url);
    if (refusal != null) {
      return CompletableFuture.completedFuture(new FetchOutcome.Refused(refusal));
    }
    if (!rules.obeyRobots()) {
      return fetch(visiting);
    }
    return robots
        .rules(url, visiting.deadlineNanos(), mayAsk(visiting))
        .thenCompose(
            answer -> {
              FetchOutcome obstacle = obstacle(visiting, answer);
              return obstacle == null
                  ? fetch(visiting)
                  : CompletableFuture.completedFuture(obstacle);
            });
  }

  private CompletionStage<FetchOutcome> fetch(Visiting visiting) {
    Lease lease = visiting.lease();
    HttpRequest request =
        new HttpRequest(
            lease.url(),
            rules.heads().unless(lease.validators()),
            rules.maxBodyBytes(),
            visiting.deadlineNanos(),
            mayAsk(visiting));
    long sentNanos = System.nanoTime();
    return client
        .fetch(request)
        .thenApply(
            reply -> {
              visiting.touchedHost(reply.touchedHost());
              if (reply instanceof HttpReply.Answered answered) {
                visiting.holds(answered.memory());
                visiting.responseNanos(System.nanoTime() - sentNanos);
              }
              return outcomeOf(lease, reply);
            });
  }

  private Predicate<InetAddress> mayAsk(Visiting visiting) {
    LeaseId lease = visiting.lease().id();
    return address -> addresses.admit(lease, address);
  }

  private CompletionStage<Void> end(Visiting visiting, FetchOutcome outcome) {
    Lease lease = visiting.lease();
    long nanos = System.nanoTime() - visiting.startedNanos();
    VisitTimes times = new VisitTimes(clock.instant(), nanos / 1_000_000);
    metrics.ended(outcome, nanos);
    if (outcome instanceof FetchOutcome.Deferred deferred && deferred.cut()) {
      underWay.cut(lease);
    }
    desk.visited(
        lease.id(), visiting.asVisit(retryAfter(outcome, times), FetchPolicy.troubled(outcome)));
    return switch (rules.policy().decide(lease, outcome, times)) {
      case Decision.Publish publish ->
          sink.publish(Pages.of(lease, publish.response(), times))
              .thenAccept(handed -> handedOver(lease, handed));
      case Decision.Settle settle -> {
        settle(lease, settle.settlement());
        yield CompletableFuture.completedFuture(null);
      }
    };
  }

  private void handedOver(Lease lease, Handed handed) {
    if (!(handed instanceof Handed.Accepted) && underWay.stopping()) {
      underWay.cut(lease); // fetched in vain, or nobody knows before the next start
    }
    switch (handed) {
      case Handed.Accepted accepted -> outstanding(lease, accepted.bytes());
      case Handed.NotSent _ -> settle(lease, new Settlement.GiveBack());
      // Either its outcome comes, or it is overdue one day and its page is revoked.
      case Handed.InDoubt inDoubt -> outstanding(lease, inDoubt.bytes());
    }
  }

  private void outstanding(Lease lease, long bytes) {
    desk.outstanding(lease.id(), bytes);
    underWay.end();
  }

  private void settle(Lease lease, Settlement settlement) {
    var _ = desk.settle(lease.id(), settlement).exceptionally(failure -> unsettled(lease, failure));
    underWay.end();
  }

  /** What robots.txt has against the visit; null where it has nothing. */
  private @Nullable FetchOutcome obstacle(Visiting visiting, RobotsAnswer answer) {
    visiting.touchedHost(answer.touchedHost());
    return switch (answer) {
      case RobotsAnswer.Known known -> obstacle(visiting, known.rules());
      case RobotsAnswer.Unreachable _ -> new FetchOutcome.RobotsDenied(Reason.ROBOTS_UNREACHABLE);
      case RobotsAnswer.HostFailed failed -> outcomeOf(visiting.lease(), failed.reply());
      case RobotsAnswer.Busy _, RobotsAnswer.Cancelled _ -> new FetchOutcome.Deferred(false);
    };
  }

  private @Nullable FetchOutcome obstacle(Visiting visiting, RobotsRules known) {
    Duration crawlDelay = known.crawlDelay();
    visiting.crawlDelay(crawlDelay);
    if (!known.allows(visiting.lease().url())) {
      return new FetchOutcome.RobotsDenied(Reason.ROBOTS_DISALLOW);
    }
    if (rules.tooSlow(crawlDelay)) {
      return new FetchOutcome.RobotsDenied(Reason.CRAWL_DELAY_TOO_LONG);
    }
    // The host was just asked for its rules; its delay comes first, so the lease comes again.
    return visiting.touchedHost()
            && rules.pausesAfterRobots(visiting.lease().url().host(), crawlDelay)
        ? new FetchOutcome.Deferred(false)
        : null;
  }

  private FetchOutcome outcomeOf(Lease lease, HttpReply reply) {
    return switch (reply) {
      case HttpReply.Answered answered -> outcomeOf(lease, answered.response());
      case HttpReply.Refused refused -> new FetchOutcome.Refused(refused.reason());
      case HttpReply.Failed failed -> new FetchOutcome.Failed(failed.reason(), failed.ip());
      case HttpReply.Busy _ -> new FetchOutcome.Deferred(false);
      // In a stop there is no other visit that makes up for it: its URL repeats.
      case HttpReply.HeldUp _ -> new FetchOutcome.Deferred(underWay.stopping());
      case HttpReply.Cancelled cancelled -> new FetchOutcome.Deferred(cancelled.sent());
    };
  }

  private static FetchOutcome outcomeOf(Lease lease, Response response) {
    if (response.status() == NOT_MODIFIED && !lease.validators().isEmpty()) {
      return new FetchOutcome.NotModified(response);
    }
    String location = response.redirects() ? response.header("location") : null;
    Url target = location == null ? null : lease.url().resolve(location);
    return target == null
        ? new FetchOutcome.Fetched(response)
        : new FetchOutcome.Redirected(response, target);
  }

  private static @Nullable Duration retryAfter(FetchOutcome outcome, VisitTimes times) {
    return outcome instanceof FetchOutcome.Fetched fetched
            && FetchPolicy.passingTrouble(fetched.response().status()) != null
        ? RetryAfter.of(fetched.response(), times.endedAt())
        : null;
  }

  /**
   * A defect kept the lease from its end. It ends as failed: given back, it would come again at
   * once and meet the same defect.
   */
  private @Nullable Void endDefective(Visiting visiting, Throwable defect) {
    Lease lease = visiting.lease();
    FetchOutcome failed = defective(lease, defect);
    long nanos = System.nanoTime() - visiting.startedNanos();
    metrics.ended(failed, nanos);
    VisitTimes times = new VisitTimes(clock.instant(), nanos / 1_000_000);
    if (rules.policy().decide(lease, failed, times) instanceof Decision.Settle settle) {
      settle(lease, settle.settlement());
    }
    return null;
  }

  private static FetchOutcome defective(Lease lease, Throwable defect) {
    LOG.error("The visit of {} failed; please report this", lease.url(), defect);
    return new FetchOutcome.Failed(Reason.INTERNAL_ERROR, null);
  }

  private static @Nullable Void unsettled(Lease lease, Throwable failure) {
    LOG.warn("Lease {} was not settled; it is found again at the next start", lease.id(), failure);
    return null;
  }
}
