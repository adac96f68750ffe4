package io.sluice.fetcher;

import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Settlement;
import io.sluice.core.url.Url;
import io.sluice.fetcher.archive.VisitArchive;
import io.sluice.fetcher.cookie.RedirectChain;
import io.sluice.fetcher.cookie.WaitingChains;
import io.sluice.fetcher.gate.Gate;
import io.sluice.fetcher.gate.Leave;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.handover.PagePublisher;
import io.sluice.fetcher.handover.PagePublisher.Handed;
import io.sluice.fetcher.handover.RecordSink;
import io.sluice.fetcher.http.HostTerms;
import io.sluice.fetcher.http.HttpClient;
import io.sluice.fetcher.http.HttpReply;
import io.sluice.fetcher.http.HttpRequest;
import io.sluice.fetcher.http.Response;
import io.sluice.fetcher.http.RetryAfter;
import io.sluice.fetcher.loop.Lane;
import io.sluice.fetcher.robots.RobotsAnswer;
import io.sluice.fetcher.robots.RobotsDesk;
import io.sluice.fetcher.robots.RobotsRules;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a lease through guard, robots and fetch. Then {@link #end}, and nothing else, hands over
 * the lease's page or settles the lease.
 *
 * <p>Confined to one lane. The publisher and the desk answer on threads of their own, which use
 * only the thread-safe parts of this class.
 */
final class CrawlLoop {
  private static final Logger log = LoggerFactory.getLogger(CrawlLoop.class);

  /** The status 304, which has a meaning only for a conditional request (RFC 9110, 15.4.5). */
  private static final int NOT_MODIFIED = 304;

  private final Lane lane;
  private final RobotsDesk robots;
  private final CrawlRules rules;
  private final AddressGuard guard;
  private final HttpClient client;
  private final LeaseDesk desk;
  private final Gate gate;
  private final PagePublisher publisher;
  private final RecordSink records;
  private final InFlight inFlight;
  private final WaitingChains chains;
  private final FetcherMetrics metrics;
  private final Clock clock;

  CrawlLoop(Lane lane, RobotsDesk robots, LoopParts parts) {
    this.lane = lane;
    this.robots = robots;
    this.rules = parts.rules();
    this.guard = parts.guard();
    this.client = parts.client();
    this.desk = parts.desk();
    this.gate = parts.gate();
    this.publisher = parts.publisher();
    this.records = parts.records();
    this.inFlight = parts.inFlight();
    this.chains = parts.chains();
    this.metrics = parts.metrics();
    this.clock = parts.clock();
  }

  /**
   * Visits the lease's URL and ends the lease. Room for what the visit archives has been reserved
   * ({@link RecordSink#beginVisit}) and is returned at the end.
   *
   * @param takenNanos when the lease was taken, by {@link Lane#nanoTime}
   */
  void crawl(Lease lease, long takenNanos) {
    VisitArchive archive = new VisitArchive(records);
    ActiveVisit visit =
        new ActiveVisit(lease, gate.admit(lease), archive, takenNanos, rules.totalNanos());
    var _ =
        CompletableFuture.completedFuture(visit)
            .thenCompose(this::visit)
            .exceptionally(defect -> defective(lease, defect))
            .thenCompose(result -> end(visit, result))
            .exceptionally(defect -> endDefective(visit, defect))
            .whenComplete((_, _) -> letGo(visit));
  }

  private void letGo(ActiveVisit visit) {
    visit.letGo();
    records.visitEnded();
  }

  private CompletionStage<VisitResult> visit(ActiveVisit visit) {
    Url url = visit.lease().url();
    Reason refusal = guard.refusal(url, visit.lease().via());
    if (refusal != null) {
      return CompletableFuture.completedFuture(new VisitResult.Refused(refusal));
    }
    if (!rules.obeyRobots()) {
      return fetch(visit);
    }
    return robots
        .rules(
            url, visit.deadlineNanos(), visit.pass(), HostTerms.of(visit.lease()), visit.archive())
        .thenCompose(
            answer -> {
              VisitResult obstacle = obstacle(visit, answer);
              return obstacle == null ? fetch(visit) : CompletableFuture.completedFuture(obstacle);
            });
  }

  private CompletionStage<VisitResult> fetch(ActiveVisit visit) {
    Lease lease = visit.lease();
    Leave leave = visit.pass().own();
    if (leave == null) { // robots.txt was just fetched, so the host's delay must pass first
      return CompletableFuture.completedFuture(VisitResult.Deferred.UNSENT);
    }
    RedirectChain chain = chains.leadingTo(lease);
    HttpRequest request =
        new HttpRequest(
            lease.url(),
            rules
                .heads()
                .unless(lease.validators())
                .with(chain.cookies(lease.url(), clock.instant())),
            rules.maxBodyBytes(),
            visit.deadlineNanos(),
            leave,
            HostTerms.of(lease),
            lease.terms().probe() || lease.attempt() > 1);
    long sentNanos = lane.nanoTime();
    return client
        .fetch(request)
        .thenApply(
            reply -> {
              visit.touchedHost(reply.touchedHost());
              visit.replied(reply);
              if (reply instanceof HttpReply.Answered) {
                visit.responseNanos(lane.nanoTime() - sentNanos);
              }
              return resultOf(visit, reply, chain);
            });
  }

  private CompletionStage<Void> end(ActiveVisit visit, VisitResult result) {
    Lease lease = visit.lease();
    long nanos = lane.nanoTime() - visit.startedNanos();
    VisitTimes times = new VisitTimes(clock.instant(), nanos / 1_000_000);
    metrics.ended(result, nanos);
    if (result == VisitResult.Deferred.CUT) {
      inFlight.cut(lease);
    }
    if (result instanceof VisitResult.Fetched fetched) {
      visit.retryAfter(retryAfter(fetched.response(), times));
    }
    return desk.visited(lease.id(), visit.asVisit(result))
        .exceptionally(_ -> Ruling.CHARGED) // the settlement fails as well and reports the failure
        .thenCompose(ruling -> carryOut(visit, result, times, ruling));
  }

  /**
   * Decides what becomes of the lease, and does it. Runs on one of the desk's threads if the visit
   * failed in a way that may be its host's fault.
   */
  private CompletionStage<Void> carryOut(
      ActiveVisit visit, VisitResult result, VisitTimes times, Ruling ruling) {
    Lease lease = visit.lease();
    return switch (rules.policy().decide(lease, result, times, ruling)) {
      case Decision.Publish publish ->
          publisher
              .publish(Pages.of(lease, publish.response(), times))
              .thenAccept(handed -> handedOver(lease, handed));
      case Decision.Settle settle ->
          visit.archived(result).thenAccept(kept -> settleKept(lease, kept, result, settle));
    };
  }

  /**
   * Settles the lease if Redis has everything that the visit archived; otherwise gives it back, so
   * that the URL is visited again.
   */
  private void settleKept(Lease lease, boolean kept, VisitResult result, Decision.Settle settle) {
    if (kept) {
      forgetChain(lease, settle.settlement());
      if (result instanceof VisitResult.Redirected redirected && !settle.fails()) {
        chains.lead(lease, redirected.target(), redirected.chain());
      }
      send(lease, settle.settlement());
      return;
    }
    if (inFlight.stopping()) {
      inFlight.cut(lease);
    }
    settle(lease, new Settlement.GiveBack());
  }

  private void handedOver(Lease lease, Handed handed) {
    if (!(handed instanceof Handed.Accepted) && inFlight.stopping()) {
      inFlight.cut(lease); // the fetch was wasted, or is in doubt until the next start
    }
    switch (handed) {
      case Handed.Accepted accepted -> outstanding(lease, accepted.bytes());
      case Handed.NotSent _ -> settle(lease, new Settlement.GiveBack());
      // The lease stays out until its outcome is read, or it becomes overdue and its page is
      // revoked.
      case Handed.InDoubt inDoubt -> outstanding(lease, inDoubt.bytes());
    }
  }

  private void outstanding(Lease lease, long bytes) {
    chains.end(lease);
    desk.outstanding(lease.id(), bytes);
    inFlight.end();
  }

  private void settle(Lease lease, Settlement settlement) {
    forgetChain(lease, settlement);
    send(lease, settlement);
  }

  /** Forgets the redirect chain that led to a URL, if the URL has ended by this settlement. */
  private void forgetChain(Lease lease, Settlement settlement) {
    if (settlement instanceof Settlement.Done || settlement instanceof Settlement.SetAside) {
      chains.end(lease);
    }
  }

  private void send(Lease lease, Settlement settlement) {
    var _ =
        desk.settle(lease.id(), settlement)
            .exceptionally(failure -> unsettled(lease, settlement, failure));
    inFlight.end();
  }

  /**
   * Returns the result that ends the visit because robots.txt does not allow it now; null if it
   * does.
   */
  private @Nullable VisitResult obstacle(ActiveVisit visit, RobotsAnswer answer) {
    visit.touchedHost(answer.touchedHost());
    return switch (answer) {
      case RobotsAnswer.Known known -> {
        if (known.answered()) {
          visit.answered();
        }
        yield obstacle(visit, known.rules());
      }
      case RobotsAnswer.Unreachable unreachable -> {
        visit.retryAfter(unreachable.retryAfter());
        yield new VisitResult.RobotsDenied(Reason.ROBOTS_UNREACHABLE);
      }
      case RobotsAnswer.HostFailed failed -> resultOf(visit, failed.reply(), RedirectChain.NONE);
      case RobotsAnswer.Busy busy -> {
        visit.waits(busy.after());
        yield VisitResult.Deferred.UNSENT;
      }
      case RobotsAnswer.Moved _, RobotsAnswer.Cancelled _ -> VisitResult.Deferred.UNSENT;
    };
  }

  private @Nullable VisitResult obstacle(ActiveVisit visit, RobotsRules known) {
    Duration crawlDelay = known.crawlDelay();
    visit.crawlDelay(crawlDelay);
    if (!known.allows(visit.lease().url())) {
      return new VisitResult.RobotsDenied(Reason.ROBOTS_DISALLOW);
    }
    if (rules.tooSlow(crawlDelay)) {
      return new VisitResult.RobotsDenied(Reason.CRAWL_DELAY_TOO_LONG);
    }
    // Another visit may have fetched the rules; in that case, too, the lease is issued again after
    // the delay.
    return visit.touchedHost() && visit.pass().pauses() ? VisitResult.Deferred.UNSENT : null;
  }

  /** The result of a request for a lease's URL, or for the robots.txt that it needs. */
  private VisitResult resultOf(ActiveVisit visit, HttpReply reply, RedirectChain chain) {
    return switch (reply) {
      case HttpReply.Answered answered -> resultOf(visit.lease(), answered.response(), chain);
      case HttpReply.Refused refused -> new VisitResult.Refused(refused.reason());
      case HttpReply.Failed failed -> {
        boolean timeLeft = lane.nanoTime() - visit.deadlineNanos() < 0;
        boolean cutShort = rules.cutShort(visit.lease(), failed.reason(), timeLeft);
        yield new VisitResult.Failed(failed.reason(), failed.ip(), cutShort);
      }
      case HttpReply.Busy _ -> VisitResult.Deferred.UNSENT;
      // During a stop this run makes no other visit, so the next run repeats the request.
      case HttpReply.HeldUp _ -> VisitResult.Deferred.of(inFlight.stopping());
      case HttpReply.Cancelled cancelled -> VisitResult.Deferred.of(cancelled.sent());
    };
  }

  private VisitResult resultOf(Lease lease, Response response, RedirectChain chain) {
    if (response.status() == NOT_MODIFIED && !lease.validators().isEmpty()) {
      return new VisitResult.NotModified(response);
    }
    Url target = response.target(lease.url());
    if (target == null) {
      return new VisitResult.Fetched(response);
    }
    RedirectChain longer = chain.after(lease.url(), response, clock.instant());
    return new VisitResult.Redirected(response, target.withoutRootDot(), longer);
  }

  private static @Nullable Duration retryAfter(Response response, VisitTimes times) {
    return Reason.ofPassingStatus(response.status()) == null
        ? null
        : RetryAfter.of(response, times.endedAt());
  }

  /**
   * Settles as failed a lease that could not end because of a defect. If it were given back, it
   * would be issued again at once and meet the same defect.
   */
  private @Nullable Void endDefective(ActiveVisit visit, Throwable defect) {
    Lease lease = visit.lease();
    VisitResult failed = defective(lease, defect);
    long nanos = lane.nanoTime() - visit.startedNanos();
    metrics.ended(failed, nanos);
    VisitTimes times = new VisitTimes(clock.instant(), nanos / 1_000_000);
    if (rules.policy().decide(lease, failed, times, Ruling.CHARGED)
        instanceof Decision.Settle settle) {
      settle(lease, settle.settlement());
    }
    return null;
  }

  private static VisitResult defective(Lease lease, Throwable defect) {
    log.error("the visit of {} failed; please report this", lease.url(), defect);
    return new VisitResult.Failed(Reason.INTERNAL_ERROR, null);
  }

  /**
   * Handles a failure of the frontier's storage: the next start finds that the lease is still out.
   */
  private @Nullable Void unsettled(Lease lease, Settlement settlement, Throwable failure) {
    switch (settlement) {
      // The lease's URL was requested and will be requested again.
      case Settlement.Done _, Settlement.Retry _, Settlement.Postpone _, Settlement.HopBack _ ->
          inFlight.cut(lease);
      case Settlement.GiveBack _, Settlement.SetAside _, Settlement.Struck _ -> {}
    }
    log.debug("lease {} was not settled; the next start will find it", lease.id(), failure);
    return null;
  }
}
