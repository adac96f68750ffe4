package io.sluice.fetcher.handover;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.LeaseRecovery;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.Stage;
import io.sluice.core.message.Page;
import io.sluice.core.message.PageCodec;
import io.sluice.core.message.StreamEntry;
import io.sluice.core.redis.Appended;
import io.sluice.core.redis.OutcomeReader;
import io.sluice.core.redis.PageAppender;
import io.sluice.core.redis.PartitionKeys;
import io.sluice.core.redis.PartitionStreams;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.redis.Session;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands fetched pages over to the parsers and brings their outcomes back (PROTOCOL). Owns the
 * publishing connection, the reading connection and the thread that reads outcomes.
 *
 * <p>Its life: {@link #open}, {@link #recover} before the first lease, then pages are published and
 * outcomes settled until {@link #drain}. When Redis restarts or loses its data, the leases whose
 * pages are gone are given back at the desk.
 *
 * <p>Thread-safe.
 */
public final class Handover implements PageSink, Stage {

  private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
  private static final String OWNER = "fetcher.handover";

  /** How long a former process's connection may linger before a start is refused. */
  private static final Duration FORMER_BOUND = Duration.ofSeconds(10);

  /** How long waiting outcomes and given-back leases may take to be journaled at a start. */
  private static final Duration RECOVERY_BOUND = Duration.ofMinutes(5);

  /** How long the outcome thread may take to end by itself: above one blocking read. */
  private static final Duration JOIN_BOUND = Duration.ofSeconds(1);

  private static final Duration CLOSE_BOUND = Duration.ofSeconds(3);

  private final RedisPool pool;
  private final PartitionKeys keys;
  private final LeaseDesk desk;
  private final Ledger ledger;
  private final MeterRegistry registry;
  private final InstantSource clock;
  private final PartitionStreams streams;
  private final OutcomeReader reader;
  private final OutcomeLoop loop;
  private final Outstanding outstanding;
  private final Counter published;

  /** Pages that were taken and have no answer yet. */
  private final AtomicInteger underWay = new AtomicInteger();

  private State state = State.OPEN;
  private volatile @Nullable PageAppender appender;
  private @Nullable Thread thread;

  /** The appender's look at the time now and then. */
  private Ledger.@Nullable Entry watch;

  private enum State {
    OPEN,
    RUNNING,
    DRAINED,
    CLOSED
  }

  private Handover(
      RedisPool pool,
      PartitionKeys keys,
      LeaseDesk desk,
      Ledger ledger,
      MeterRegistry registry,
      InstantSource clock) {
    this.pool = pool;
    this.keys = keys;
    this.desk = desk;
    this.ledger = ledger;
    this.registry = registry;
    this.clock = clock;
    this.streams = new PartitionStreams(pool, keys);
    this.reader = new OutcomeReader(pool, keys);
    this.outstanding = new Outstanding(registry);
    this.loop =
        new OutcomeLoop(reader, streams, desk, outstanding, registry, this::afterSessionChange);
    this.published = registry.counter("sluice.pages.published");
  }

  /**
   * Makes a hand-over; {@link #recover} starts it.
   *
   * @param pool where its connections come from; borrowed
   * @param keys the partition
   * @param desk where leases end; borrowed
   * @param ledger where its thread is entered; borrowed
   * @param registry where its counters are; borrowed
   * @param clock tells the incarnation
   */
  public static Handover open(
      RedisPool pool,
      PartitionKeys keys,
      LeaseDesk desk,
      Ledger ledger,
      MeterRegistry registry,
      InstantSource clock) {
    return new Handover(pool, keys, desk, ledger, registry, clock);
  }

  /**
   * Finds out what became of the leases of the former process, and begins to publish and to read.
   * Called once, before the first lease; blocks until everything found is journaled.
   *
   * @param stop its completion cuts every wait short; then this throws, or returns with some of
   *     what was found not journaled yet, which loses nothing: the next start finds it again
   * @throws RedisUnavailableException if another fetcher is connected for this partition, Redis or
   *     the frontier does not answer in time, or a wait was cut short
   */
  public void recover(LeaseRecovery recovery, CompletableFuture<?> stop)
      throws RedisUnavailableException {
    recover(recovery, FORMER_BOUND, stop);
  }

  /** The same with another bound for a former process's connection. */
  synchronized void recover(LeaseRecovery recovery, Duration formerBound, CompletableFuture<?> stop)
      throws RedisUnavailableException {
    if (state != State.OPEN) {
      throw new IllegalStateException("recover in state " + state);
    }
    try {
      loop.begin();
      streams.awaitNoPublisher(Deadline.in(formerBound).cutBy(stop));
      long incarnation = streams.nextIncarnation(clock.millis());
      reconcile(recovery, Deadline.in(RECOVERY_BOUND).cutBy(stop));
      appender = PageAppender.open(pool, keys, incarnation, registry);
      watch = ledger.enter(ResourceKind.TIMER, OWNER);
    } catch (RedisLostException e) {
      throw new RedisUnavailableException(
          "Redis at " + pool.address() + " failed at the start: " + e.getMessage());
    }
    startLoop();
    state = State.RUNNING;
  }

  private void reconcile(LeaseRecovery recovery, Deadline deadline)
      throws RedisUnavailableException {
    Set<LeaseId> out = recovery.outAtStart();
    // Pages first: one that is committed in between is then found among the outcomes.
    Map<LeaseId, String> inPages = streams.leasesInPages();
    KillPoint.RECOVERING.reached();
    Set<LeaseId> inOutcomes = streams.leasesInOutcomes().keySet();
    List<LeaseId> kept = new ArrayList<>();
    List<LeaseId> lost = new ArrayList<>();
    for (LeaseId lease : out) {
      String entryId = inPages.get(lease);
      if (entryId != null) {
        outstanding.found(lease, entryId);
      }
      (entryId != null || inOutcomes.contains(lease) ? kept : lost).add(lease);
    }
    recovery.stillOutstanding(kept);
    loop.applyWaiting(deadline);
    if (!lost.isEmpty()) {
      awaitJournaled(recovery.giveBack(lost), deadline);
    }
    if (!out.isEmpty()) {
      LOG.info(
          "of {} leases that were out, {} are with parsers or parsed, {} are given back",
          out.size(),
          kept.size(),
          lost.size());
    }
  }

  private static void awaitJournaled(CompletionStage<Void> stage, Deadline deadline)
      throws RedisUnavailableException {
    CompletableFuture<Void> journaled = stage.toCompletableFuture();
    try {
      if (!deadline.await(journaled)) {
        throw new RedisUnavailableException("leases could not be given back in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnavailableException("interrupted while leases were given back");
    }
    if (journaled.isCompletedExceptionally()) {
      throw new RedisUnavailableException(
          "leases could not be given back: " + journaled.exceptionNow().getMessage());
    }
  }

  private void startLoop() {
    Ledger.Entry entry = ledger.enter(ResourceKind.THREAD, OWNER);
    Thread started =
        Thread.ofPlatform()
            .name("outcomes-p" + keys.partition())
            .unstarted(
                () -> {
                  try {
                    loop.run();
                  } finally {
                    entry.close();
                  }
                });
    thread = started;
    started.start();
  }

  @Override
  public CompletionStage<Handed> publish(Page page) {
    PageAppender now = appender;
    if (now == null) {
      return CompletableFuture.completedFuture(new Handed.NotSent());
    }
    KillPoint.FETCHED.reached();
    StreamEntry entry = PageCodec.encode(page);
    LeaseId lease = page.lease();
    outstanding.sending(lease, entry.occupies());
    underWay.incrementAndGet();
    return now.append(entry).thenApply(appended -> handed(lease, entry.occupies(), appended));
  }

  private Handed handed(LeaseId lease, long bytes, Appended appended) {
    underWay.decrementAndGet();
    return switch (appended) {
      case Appended.There(String entryId) -> {
        published.increment();
        outstanding.there(lease, entryId);
        yield new Handed.Accepted(bytes);
      }
      case Appended.NotThere() -> {
        outstanding.remove(lease);
        yield new Handed.NotSent();
      }
      case Appended.Unknown(String entryId) -> {
        outstanding.there(lease, entryId);
        yield new Handed.InDoubt(bytes);
      }
    };
  }

  /**
   * Takes the pages of overdue leases back, so that nobody can commit them any more, and says of
   * each lease whether it may be issued again: its page was still there, or is gone and no outcome
   * of it waits. A lease that it does not answer for still has its outcome to come.
   *
   * <p>Blocks for some round trips: not for a shard's thread.
   *
   * @throws RedisLostException if Redis does not answer; the call may be made again
   */
  public Set<LeaseId> revoke(Collection<LeaseId> leases) {
    Map<LeaseId, String> places = outstanding.answered(leases);
    if (places.isEmpty()) {
      return Set.of();
    }
    List<LeaseId> asked = List.copyOf(places.keySet());
    List<Boolean> wasThere = streams.revoke(asked.stream().map(places::get).toList());
    Set<LeaseId> inOutcomes =
        wasThere.contains(false) ? streams.leasesInOutcomes().keySet() : Set.of();
    Set<LeaseId> again = new HashSet<>();
    for (int i = 0; i < asked.size(); i++) {
      LeaseId lease = asked.get(i);
      if (wasThere.get(i) || !inOutcomes.contains(lease)) {
        again.add(lease);
        outstanding.remove(lease);
      }
    }
    return again;
  }

  /** On the outcome thread: gives back the leases whose pages and outcomes Redis has lost. */
  private void afterSessionChange(Session session) {
    PageAppender now = appender;
    if (now == null) {
      return;
    }
    awaitAnswers(now.answered());
    Map<LeaseId, String> missing = new HashMap<>(outstanding.answered());
    int asked = missing.size();
    missing.keySet().removeAll(streams.leasesInPages().keySet());
    missing.keySet().removeAll(streams.leasesInOutcomes().keySet());
    for (LeaseId lease : missing.keySet()) {
      outstanding.remove(lease);
      desk.settle(lease, new Settlement.GiveBack())
          .whenComplete(
              (nothing, failure) -> {
                if (failure != null) {
                  LOG.warn("lease {} of a lost page could not be given back", lease, failure);
                }
              });
    }
    registry.counter("sluice.pages.lost").increment(missing.size());
    if (missing.isEmpty()) {
      LOG.info("Redis has kept all {} pages", asked);
    } else {
      LOG.warn(
          "Redis (epoch {}) lost {} of {} pages; they will be fetched again, and output may have"
              + " some of them twice",
          session.epoch(),
          missing.size(),
          asked);
    }
  }

  private static void awaitAnswers(CompletionStage<Void> answered) {
    try {
      answered.toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisLostException("interrupted");
    } catch (ExecutionException | TimeoutException e) {
      throw new RedisLostException("pages on their way to Redis have no answer");
    }
  }

  @Override
  public String name() {
    return "handover";
  }

  /** Does nothing: pages of requests that are on the wire are taken until {@link #drain}. */
  @Override
  public void stopIntake() {}

  /** Nothing here can be cancelled: a page that was taken is on its way. */
  @Override
  public int cancelPending() {
    return 0;
  }

  /**
   * Waits until Redis has every page that was taken, and until the outcomes that were read are
   * journaled. Outcomes that parsers owe are not waited for: they rest in Redis, and so do those
   * that are not journaled by the deadline; the next start reads them again.
   */
  @Override
  public synchronized Drained drain(Deadline deadline) {
    if (state != State.RUNNING) {
      return Drained.NOTHING;
    }
    state = State.DRAINED;
    int before = underWay.get() + loop.inProgress();
    PageAppender now = appender;
    if (now != null) {
      awaitAnswers(now, deadline);
    }
    joinLoop(deadline.left().compareTo(JOIN_BOUND) < 0 ? deadline.left() : JOIN_BOUND);
    loop.settleDown(deadline);
    int notTaken = underWay.get();
    int left = notTaken + loop.inProgress();
    return new Drained(Math.max(0, before - left), notTaken);
  }

  private void awaitAnswers(PageAppender now, Deadline deadline) {
    try {
      if (!deadline.await(now.answered())) {
        LOG.warn("{} pages were not taken by Redis in time", underWay.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void close() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    joinLoop(JOIN_BOUND);
    PageAppender now = appender;
    if (now != null) {
      now.close();
    }
    if (watch != null) {
      watch.close();
    }
    reader.close();
    outstanding.close();
  }

  private void joinLoop(Duration bound) {
    loop.stop();
    Thread started = thread;
    if (started == null) {
      return;
    }
    try {
      if (!started.join(bound)) {
        started.interrupt();
        started.join(CLOSE_BOUND);
      }
    } catch (InterruptedException e) {
      started.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
