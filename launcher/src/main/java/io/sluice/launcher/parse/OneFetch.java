package io.sluice.launcher.parse;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.HostRules;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.message.Page;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.url.Url;
import io.sluice.fetcher.Fetcher;
import io.sluice.fetcher.handover.PagePublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one page through the fetcher of a crawl: with its address guard, robots.txt, limits and
 * timeouts. Redirects are followed. Each lease ends exactly once: with a page, another lease or a
 * reason. Thread-safe: the fetcher's threads complete one future for each lease.
 */
public final class OneFetch {

  /**
   * Maximum number of visits for a robots.txt and its redirects, in addition to the visit of the
   * page.
   */
  private static final int VISITS_BESIDE = 6;

  /**
   * Maximum number of times that a lease may be given back because its host's delay is not over.
   */
  private static final int MAX_GIVEN_BACK = 4;

  private OneFetch() {}

  /** The result of fetching a URL. */
  public sealed interface Result {

    /** A server answered, with any status. */
    record Fetched(Page page) implements Result {}

    /**
     * No page was fetched.
     *
     * @param url the URL requested last
     * @param reason why: a word of docs/outcomes.md, or another reason for not requesting it
     */
    record Refused(String url, String reason) implements Result {}
  }

  /**
   * Fetches a URL and follows its redirects.
   *
   * @param config the settings; the URL must be among its seeds, since only a seed may be at a
   *     special address
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public static Result fetch(SluiceConfig config, Url url) throws InterruptedException {
    Desk desk = new Desk();
    Duration longest = config.fetcher().timeouts().total().multipliedBy(VISITS_BESIDE);
    // This is the last attempt, so that any response counts as a page instead of leading to a
    // retry.
    int attempt = config.fetcher().attempts();
    try (Fetcher fetcher =
        Fetcher.open(
            config,
            desk,
            AddressDesk.UNLIMITED,
            HostDesk.UNLIMITED,
            desk,
            new ResourceLedger(),
            new SimpleMeterRegistry())) {
      HostRules rules = HostRules.of(config);
      Offer next = Offer.seed(url);
      int givenBack = 0;
      for (int take = 0; take <= config.fetcher().maxRedirects() + 1 + givenBack; take++) {
        if (take > 0) {
          pause(rules.settingsOf(next.url().host()).delay(), desk.crawlDelay());
        }
        Lease lease =
            new Lease(
                new LeaseId(0, take + 1L),
                next.url(),
                0,
                next.via(),
                next.redirects(),
                Labels.NONE,
                attempt);
        switch (desk.await(fetcher, lease, longest)) {
          case End.Ended(Result result) -> {
            return result;
          }
          case End.Redirected(Offer target) -> next = target;
          case End.GivenBack _ -> {
            if (++givenBack > MAX_GIVEN_BACK) {
              return new Result.Refused(
                  next.url().href(), "the delay of its host had not passed yet");
            }
          }
        }
      }
      return new Result.Refused(next.url().href(), Reason.TOO_MANY_REDIRECTS.word());
    }
  }

  /** Waits out the delay that politeness requires between two requests to a host. */
  private static void pause(Duration delay, Duration crawlDelay) throws InterruptedException {
    Duration pause = delay.compareTo(crawlDelay) < 0 ? crawlDelay : delay;
    Deadline.in(pause.plusSeconds(1)).pause(pause);
  }

  /** How a lease ended. */
  private sealed interface End {
    record Ended(Result result) implements End {}

    record Redirected(Offer target) implements End {}

    /** The lease must wait for the host's delay, which its robots.txt request has started. */
    record GivenBack() implements End {}
  }

  /** Receives the fetcher's ended leases and pages, one at a time. */
  private static final class Desk implements LeaseDesk, PagePublisher {

    private volatile @Nullable Visited visited;
    private volatile Duration crawlDelay = Duration.ZERO;

    private record Visited(Lease lease, CompletableFuture<End> end) {}

    End await(Fetcher fetcher, Lease lease, Duration longest) throws InterruptedException {
      Visited next = new Visited(lease, new CompletableFuture<>());
      visited = next;
      fetcher.take(lease);
      try {
        return next.end().get(longest.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        return new End.Ended(new Result.Refused(lease.url().href(), Reason.TOTAL_TIMEOUT.word()));
      } catch (ExecutionException e) {
        throw new IllegalStateException("the end of a visit cannot fail", e);
      }
    }

    /**
     * The crawl delay in the last robots.txt, which is at most {@code politeness.max-crawl-delay}.
     */
    Duration crawlDelay() {
      return crawlDelay;
    }

    /** The visit of the lease that the fetcher got last. */
    private Visited visit() {
      return Objects.requireNonNull(visited);
    }

    @Override
    public CompletionStage<Handed> publish(Page page) {
      visit().end().complete(new End.Ended(new Result.Fetched(ofFirstAttempt(page))));
      return CompletableFuture.completedFuture(new Handed.Accepted(0));
    }

    /**
     * Returns the page as if it were from the first attempt, like that of a crawl's first visit.
     */
    private static Page ofFirstAttempt(Page page) {
      return new Page(
          page.lease(),
          page.url(),
          page.via(),
          page.redirects(),
          page.depth(),
          page.labels(),
          1,
          page.protocol(),
          page.status(),
          page.statusText(),
          page.requestHead(),
          page.headers(),
          page.responseHead(),
          page.ip(),
          page.begunAt(),
          page.fetchedAt(),
          page.fetchMillis(),
          page.truncated(),
          page.body());
    }

    @Override
    public CompletionStage<Ruling> visited(LeaseId id, Visit visit) {
      if (visit.crawlDelay() != null) {
        crawlDelay = visit.crawlDelay();
      }
      return CompletableFuture.completedFuture(Ruling.CHARGED);
    }

    @Override
    public void outstanding(LeaseId id, long bytes) {}

    @Override
    public CompletionStage<Void> settle(LeaseId id, Settlement settlement) {
      visit()
          .end()
          .complete(
              switch (settlement) {
                case Settlement.Done done when !done.offers().isEmpty() ->
                    new End.Redirected(done.offers().getFirst());
                case Settlement.Done done -> refused(done.end().reason());
                case Settlement.Retry retry -> refused(retry.reason().word());
                case Settlement.Postpone postpone -> refused(postpone.reason().word());
                case Settlement.SetAside aside -> refused(aside.reason().word());
                case Settlement.HopBack _ -> new End.Redirected(again());
                case Settlement.GiveBack _ -> new End.GivenBack();
                case Settlement.Struck _ -> refused(Reason.INTERNAL_ERROR.word());
              });
      return CompletableFuture.completedFuture(null);
    }

    private End refused(String reason) {
      return new End.Ended(new Result.Refused(visit().lease().url().href(), reason));
    }

    /** Returns an offer of the same URL, with one more redirect. */
    private Offer again() {
      Lease lease = visit().lease();
      List<String> redirects = new ArrayList<>(lease.redirects());
      redirects.add(lease.url().href());
      return new Offer(lease.url(), 0, lease.via(), redirects, Labels.NONE);
    }
  }
}
