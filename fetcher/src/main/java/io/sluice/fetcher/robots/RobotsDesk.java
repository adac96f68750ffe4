package io.sluice.fetcher.robots;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.Visit;
import io.sluice.core.url.Url;
import io.sluice.fetcher.archive.VisitArchive;
import io.sluice.fetcher.gate.Leave;
import io.sluice.fetcher.gate.Pass;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.http.HostTerms;
import io.sluice.fetcher.http.HttpClient;
import io.sluice.fetcher.loop.DeadlineSweep;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import io.sluice.fetcher.robots.RobotsAnswer.Contact;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provides the visits of one lane with the rules of their origins. Only one fetch for an origin is
 * in progress at a time, however many leases wait for it. The number of waiting leases is bounded
 * by {@code fetcher.connections}, and each waits until its deadline at the latest.
 *
 * <p>Confined to its lane.
 */
public final class RobotsDesk {
  private static final Logger log = LoggerFactory.getLogger(RobotsDesk.class);

  private final Lane lane;
  private final LongSupplier ageNanos;
  private final RobotsFetch fetch;
  private final RobotsBounds bounds;
  private final RobotsMetrics metrics;
  private final RobotsFiles files;
  private final Map<String, List<Waiter>> waiting = new HashMap<>();

  /** Maximum memory of cached rules in a heap of {@code heapBytes}, over all desks, in bytes. */
  public static long maxCacheBytes(long heapBytes) {
    return RobotsBounds.maxWeight(heapBytes);
  }

  /**
   * @param ageNanos the clock by which copies of rules age. The lane's own clock counts running
   *     time, but a copy also ages while the process is suspended (RFC 9309, 2.4)
   */
  private RobotsDesk(
      Lane lane,
      RobotsFetch fetch,
      RobotsBounds bounds,
      RobotsMetrics metrics,
      LongSupplier ageNanos) {
    this.lane = lane;
    this.ageNanos = ageNanos;
    this.fetch = fetch;
    this.bounds = bounds;
    this.metrics = metrics;
    this.files = new RobotsFiles(bounds);
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
    RobotsFetch fetch =
        new RobotsFetch(
            client, guard, config.crawl().userAgent(), InstantSource.system(), loops.aside());
    return loops.lanes().stream()
        .map(lane -> new RobotsDesk(lane, fetch, bounds, metrics, System::nanoTime))
        .toList();
  }

  /**
   * The rules of a URL's origin, from the cache or from its host.
   *
   * @param deadlineNanos when the caller gives up, by {@link Lane#nanoTime}; the answer is then
   *     that the rules are unreachable
   * @param pass the pass of the caller's visit, used if this call causes a request
   * @param terms the visit's terms, used if this call causes a request
   * @param archive archives the exchanges that this call causes
   * @return a stage that completes on the lane and never fails
   */
  public CompletionStage<RobotsAnswer> rules(
      Url url, long deadlineNanos, Pass pass, HostTerms terms, VisitArchive archive) {
    lane.assertHere();
    Url file = url.resolve("/robots.txt");
    if (file == null) {
      throw new IllegalStateException("cannot resolve /robots.txt against " + url);
    }
    RobotsAnswer known = files.find(file, ageNanos.getAsLong()).answer();
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    String origin = url.origin();
    Waiter waiter = new Waiter(origin, deadlineNanos);
    lane.sweep().watch(waiter);
    List<Waiter> line = waiting.get(origin);
    if (line == null) {
      waiting.put(origin, new ArrayList<>(List.of(waiter)));
      long fileDeadlineNanos = lane.nanoTime() + bounds.totalNanos();
      new Reading(origin, file, pass, fileDeadlineNanos, terms, archive).goOn();
    } else {
      line.add(waiter);
    }
    return waiter.answer;
  }

  private void end(String origin, Url file, RobotsAnswer read) {
    metrics.fetched(file, read);
    RobotsAnswer.Known expired =
        read instanceof RobotsAnswer.Unreachable ? files.expired(file) : null;
    RobotsAnswer answer = read;
    if (expired != null) { // an old copy may be used meanwhile (RFC 9309, 2.3.1.4)
      answer = new RobotsAnswer.Known(expired.rules(), read.contact(), false);
      files.keepExpired(file, expired, ageNanos.getAsLong());
    }
    List<Waiter> line = waiting.remove(origin);
    if (line != null) {
      for (Waiter waiter : line.toArray(new Waiter[0])) {
        waiter.end(answer);
      }
    }
  }

  private void keep(Url file, RobotsAnswer answer) {
    int before = files.size();
    files.keep(file, answer, ageNanos.getAsLong());
    metrics.cached(files.size() - before);
  }

  /**
   * Reads an origin's rules, following redirects as far as one visit may. If that is not enough,
   * the next visit continues from there, since known files are cached.
   */
  private final class Reading {
    private final String origin;
    private final Url first;
    private final Pass pass;
    private final long deadlineNanos;
    private final HostTerms terms;
    private final VisitArchive archive;
    private boolean touched;

    /**
     * Number of files requested; bounded, since hosts that share files and set cookies could
     * prolong a reading.
     */
    private int requests;

    /** Whether the last file requested is on the visit's own host. */
    private boolean lastOwn = true;

    Reading(
        String origin,
        Url first,
        Pass pass,
        long deadlineNanos,
        HostTerms terms,
        VisitArchive archive) {
      this.origin = origin;
      this.first = first;
      this.pass = pass;
      this.deadlineNanos = deadlineNanos;
      this.terms = terms;
      this.archive = archive;
    }

    /**
     * Ends if an answer is cached or no further request is possible; otherwise requests the first
     * file that is not cached.
     */
    void goOn() {
      RobotsFiles.Found found = files.find(first, ageNanos.getAsLong());
      String host = found.file().host();
      if (found.answer() != null) {
        end(found.answer());
      } else if (requests > RobotsFiles.MAX_REDIRECTS) {
        end(new RobotsAnswer.Unreachable(Contact.NONE));
      } else if (pass.isFor(host)) {
        Leave leave = pass.own();
        if (leave == null) {
          end(new RobotsAnswer.Busy(Contact.ASKED));
        } else {
          fetch(found, leave);
        }
      } else if (pass.spent()) {
        end(new RobotsAnswer.Busy(Contact.ASKED));
      } else {
        var _ =
            pass.ask(host)
                .whenComplete((answer, failure) -> onLane(() -> goTo(found, answer, failure)));
      }
    }

    private void goTo(
        RobotsFiles.Found found, HostDesk.@Nullable Answer answer, @Nullable Throwable failure) {
      switch (answer) {
        case HostDesk.Answer.Granted granted ->
            fetch(found, pass.granted(granted, found.file().host()));
        case HostDesk.Answer.Later(Duration after) ->
            end(new RobotsAnswer.Busy(Contact.NONE, after));
        case HostDesk.Answer.Unwell _ -> end(new RobotsAnswer.Unreachable(Contact.NONE));
        case null -> {
          log.debug("the frontier is closing, so {} is not read", found.file(), failure);
          end(new RobotsAnswer.Cancelled(Contact.NONE));
        }
      }
    }

    private void fetch(RobotsFiles.Found found, Leave leave) {
      requests++;
      var _ =
          fetch
              .fetch(found, leave, deadlineNanos, terms, archive)
              .thenAccept(answer -> onLane(() -> fetched(found.file(), answer)));
    }

    private void fetched(Url file, RobotsAnswer answer) {
      boolean own = pass.isFor(file.host());
      lastOwn = own;
      touched |= own && answer.touchedHost();
      if (!own) {
        Duration retryAfter =
            answer instanceof RobotsAnswer.Unreachable unreachable
                ? unreachable.retryAfter()
                : null;
        pass.ended(file.host(), new Visit(null, retryAfter, answer.touchedHost()));
      }
      if (!(answer instanceof RobotsAnswer.Unreachable) || files.expired(first) == null) {
        keep(file, answer);
      }
      if (answer instanceof RobotsAnswer.Moved) {
        metrics.fetched(file, answer);
        goOn();
      } else {
        end(answer);
      }
    }

    private void end(RobotsAnswer answer) {
      RobotsDesk.this.end(origin, first, answer.of(Contact.of(touched), lastOwn));
    }

    private void onLane(Runnable what) {
      if (lane.loop().inEventLoop()) {
        what.run();
        return;
      }
      try {
        lane.loop().execute(what);
      } catch (RejectedExecutionException e) {
        log.debug("the lane has ended; nothing is waiting for {}", first, e);
      }
    }
  }

  /** Answers all waiters that the fetcher is stopping. */
  public void cancelWaiting() {
    lane.assertHere();
    for (List<Waiter> line : List.copyOf(waiting.values())) {
      for (Waiter waiter : line.toArray(new Waiter[0])) {
        waiter.end(new RobotsAnswer.Cancelled(Contact.ASKED));
      }
    }
  }

  /** A lease that waits for an origin's rules. */
  private final class Waiter implements DeadlineSweep.Timed {
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
      end(new RobotsAnswer.Unreachable(Contact.ASKED));
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
