package io.sluice.fetcher.robots;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Url;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.http.HttpClient;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import io.sluice.fetcher.loop.Sweep;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Where the leases of one lane ask for the rules of their origins. One fetch an origin is under way
 * at a time, however many wait for it; those who wait are leases, which {@code fetcher.connections}
 * bounds, and each waits until its deadline at most.
 *
 * <p>Confined to its lane.
 */
public final class RobotsDesk {
  private final Lane lane;
  private final RobotsFetch fetch;
  private final RobotsBounds bounds;
  private final RobotsMetrics metrics;
  private final RobotsCache cache;
  private final Map<String, List<Waiter>> waiting = new HashMap<>();

  private RobotsDesk(Lane lane, RobotsFetch fetch, RobotsBounds bounds, RobotsMetrics metrics) {
    this.lane = lane;
    this.fetch = fetch;
    this.bounds = bounds;
    this.metrics = metrics;
    this.cache = new RobotsCache(bounds.maxCount(), bounds.maxWeight());
  }

  /** A desk for each lane of the loops, in their order. Everything is borrowed. */
  public static List<RobotsDesk> forLanes(
      SluiceConfig config,
      EventLoops loops,
      HttpClient client,
      AddressGuard guard,
      MeterRegistry meters) {
    int lanes = loops.lanes().size();
    RobotsBounds bounds = RobotsBounds.of(config.fetcher(), lanes);
    RobotsMetrics metrics = new RobotsMetrics(meters, bounds.maxCount() * lanes);
    RobotsFetch fetch = new RobotsFetch(client, guard, config.crawl().userAgent());
    return loops.lanes().stream()
        .map(lane -> new RobotsDesk(lane, fetch, bounds, metrics))
        .toList();
  }

  /**
   * The rules of a URL's origin, from the cache or from its host.
   *
   * @param deadlineNanos when the caller gives up, by {@link System#nanoTime}: it then hears that
   *     the rules are unreachable
   * @param mayAsk whether an address may be asked now, if this caller's wish leads to a request
   * @return completes on the lane; never fails
   */
  public CompletionStage<RobotsAnswer> rules(
      Url url, long deadlineNanos, Predicate<InetAddress> mayAsk) {
    lane.assertHere();
    String origin = url.origin();
    RobotsAnswer known = cache.get(origin, System.nanoTime());
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    Waiter waiter = new Waiter(origin, deadlineNanos);
    lane.sweep().watch(waiter);
    List<Waiter> line = waiting.get(origin);
    if (line == null) {
      waiting.put(origin, new ArrayList<>(List.of(waiter)));
      fetch(url, origin, mayAsk);
    } else {
      line.add(waiter);
    }
    return waiter.answer;
  }

  private void fetch(Url url, String origin, Predicate<InetAddress> mayAsk) {
    long deadlineNanos = System.nanoTime() + bounds.totalNanos();
    var _ =
        fetch
            .fetch(url, deadlineNanos, mayAsk)
            .thenAccept(
                answer -> {
                  if (lane.loop().inEventLoop()) {
                    fetched(origin, answer);
                  } else {
                    lane.loop().execute(() -> fetched(origin, answer));
                  }
                });
  }

  private void fetched(String origin, RobotsAnswer answer) {
    metrics.fetched(answer);
    keep(origin, answer);
    List<Waiter> line = waiting.remove(origin);
    if (line != null) {
      for (Waiter waiter : line.toArray(new Waiter[0])) {
        waiter.end(answer);
      }
    }
  }

  private void keep(String origin, RobotsAnswer answer) {
    int before = cache.size();
    long now = System.nanoTime();
    switch (answer) {
      case RobotsAnswer.Known known -> {
        RobotsRules rules = known.rules();
        long expiresNanos = now + bounds.keepNanos();
        cache.put(origin, new RobotsAnswer.Known(rules, false), rules.weight(), expiresNanos);
      }
      case RobotsAnswer.Unreachable _ ->
          cache.put(
              origin,
              new RobotsAnswer.Unreachable(false),
              RobotsRules.BASE_WEIGHT,
              now + bounds.keepUnreachableNanos());
      case RobotsAnswer.HostFailed _, RobotsAnswer.Busy _, RobotsAnswer.Cancelled _ -> {
        // None of them says anything about the rules.
      }
    }
    metrics.cached(cache.size() - before);
  }

  /** Tells everyone who waits that the fetcher stops. */
  public void cancelWaiting() {
    lane.assertHere();
    for (List<Waiter> line : List.copyOf(waiting.values())) {
      for (Waiter waiter : line.toArray(new Waiter[0])) {
        waiter.end(new RobotsAnswer.Cancelled(true));
      }
    }
  }

  /** A lease that waits for an origin's rules. */
  private final class Waiter implements Sweep.Timed {
    private final String origin;
    private final long deadlineNanos;
    private final CompletableFuture<RobotsAnswer> answer = new CompletableFuture<>();

    Waiter(String origin, long deadlineNanos) {
      this.origin = origin;
      this.deadlineNanos = deadlineNanos;
    }

    @Override
    public long deadlineNanos() {
      return deadlineNanos;
    }

    @Override
    public void expire() {
      end(new RobotsAnswer.Unreachable(true));
    }

    private void end(RobotsAnswer result) {
      lane.sweep().letGo(this);
      List<Waiter> line = waiting.get(origin);
      if (line != null) {
        line.remove(this);
      }
      answer.complete(result);
    }
  }
}
