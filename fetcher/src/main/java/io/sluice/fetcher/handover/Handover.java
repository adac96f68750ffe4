package io.sluice.fetcher.handover;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.LeaseRecovery;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.Stage;
import io.sluice.core.message.Capture;
import io.sluice.core.message.Page;
import io.sluice.core.message.PageCodec;
import io.sluice.core.message.StreamEntry;
import io.sluice.core.redis.RedisCondition;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.stream.Appended;
import io.sluice.core.stream.Claimant;
import io.sluice.core.stream.OutcomeReader;
import io.sluice.core.stream.Ownership;
import io.sluice.core.stream.PageAppender;
import io.sluice.core.stream.PartitionKeys;
import io.sluice.core.stream.PartitionOwner;
import io.sluice.core.stream.PartitionStreams;
import io.sluice.core.stream.Session;
import io.sluice.core.stream.SupersededException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands fetched pages over to the parsers and brings their outcomes back (docs/handover.md). Owns
 * the publishing connection, the reading connection and the thread that reads outcomes.
 *
 * <p>Its life: {@link #open}; {@link #recover}, before the first lease; then pages are published
 * and outcomes are settled until {@link #drain}. When Redis restarts or loses its data, the leases
 * whose pages are gone are given back to the desk.
 *
 * <p>Thread-safe.
 */
public final class Handover implements PagePublisher, RecordSink, Stage {

  private static final Logger log = LoggerFactory.getLogger(Handover.class);
  private static final String OWNER = "fetcher.handover";

  /** How long a start waits for an earlier process's connection to close before it is refused. */
  private static final Duration FORMER_BOUND = Duration.ofSeconds(10);

  /**
   * Maximum time that a start may take to journal the waiting outcomes and the leases given back.
   */
  private static final Duration RECOVERY_BOUND = Duration.ofMinutes(5);

  /**
   * How long to wait for Redis to answer for pages in flight before the streams are searched for
   * them.
   */
  private static final Duration ANSWERS_BOUND = Duration.ofSeconds(30);

  private static final Duration ANSWERS_LOOK = Duration.ofMillis(50);

  /** How long to wait for the outcome thread to end by itself: longer than one blocking read. */
  private static final Duration JOIN_BOUND = Duration.ofSeconds(1);

  private final RedisPool pool;
  private final PartitionKeys keys;
  private final Ledger ledger;
  private final MeterRegistry registry;
  private final Ownership ownership;
  private final Tenure tenure;
  private final PartitionStreams streams;
  private final OutcomeReader reader;
  private final OutcomeLoop loop;
  private final Outstanding outstanding;
  private final LeaseReconciler reconciler;
  private final LostPages lostPages;
  private final Records records;
  private final RecordPublisher recordPublisher;
  private final Counter published;
  private final CompletableFuture<String> superseded = new CompletableFuture<>();

  /** Pages and record-only entries that were accepted and that Redis has not answered for. */
  private final AtomicInteger inFlight = new AtomicInteger();

  /** The incarnation at this process's start; it is part of the ids of record-only entries. */
  private volatile long incarnation;

  private State state = State.OPEN;
  private volatile @Nullable PageAppender appender;
  private @Nullable OutcomeThread thread;

  /** Error message of {@link #close}; null if it succeeded. */
  private volatile @Nullable String failure;

  /** The ledger's entry for the appender's periodic timer. */
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
      Claimant claimant,
      LeaseDesk desk,
      RecordBounds recordBounds,
      Ledger ledger,
      MeterRegistry registry) {
    this.pool = pool;
    this.keys = keys;
    this.ledger = ledger;
    this.registry = registry;
    this.ownership = new Ownership(pool, keys, claimant);
    this.streams = new PartitionStreams(pool, keys, ownership);
    this.reader = new OutcomeReader(pool, keys, ownership);
    this.outstanding = new Outstanding(registry);
    this.reconciler = new LeaseReconciler(streams, outstanding);
    this.lostPages = new LostPages(reconciler, outstanding, desk, registry, System::nanoTime);
    this.records = new Records(recordBounds, registry);
    this.recordPublisher =
        new RecordPublisher(records, streams, inFlight, registry, System::nanoTime);
    this.tenure =
        new Tenure(
            ownership,
            claimant.dir().resolve("frontier"),
            new BriefFiles(ledger, ResourceKind.FRONTIER, OWNER));
    this.loop = new OutcomeLoop(reader, streams, desk, outstanding, registry, new InTheLoop());
    this.published =
        Counter.builder("sluice.pages.published")
            .description("Pages that Redis has taken")
            .register(registry);
  }

  /**
   * Creates a handover; {@link #recover} starts it.
   *
   * @param pool provides its connections; borrowed
   * @param keys the keys of the partition
   * @param claimant the crawl that is to own the partition; the note for the next process is in the
   *     crawl's directory, beside the frontier
   * @param desk where leases are settled; borrowed
   * @param recordBounds how many record-only entries parsers may owe
   * @param ledger records its thread; borrowed
   * @param registry holds its counters; borrowed
   */
  public static Handover open(
      RedisPool pool,
      PartitionKeys keys,
      Claimant claimant,
      LeaseDesk desk,
      RecordBounds recordBounds,
      Ledger ledger,
      MeterRegistry registry) {
    return new Handover(pool, keys, claimant, desk, recordBounds, ledger, registry);
  }

  /**
   * Takes the partition and accounts for the leases of the previous process. Called once, before
   * the first lease; blocks until everything found is journaled.
   *
   * @param stop completed to cut every wait short. This method then throws, or returns before
   *     everything is journaled. Nothing is lost, since the next start finds the rest
   * @return losses between the runs that the user should know about, one line each; they are
   *     already logged
   * @throws RedisUnavailableException if the partition belongs to another crawl, another fetcher is
   *     connected for it, Redis or the frontier does not answer in time, or a wait was cut short
   * @throws IOException if the note for the next start cannot be written
   */
  public List<String> recover(LeaseRecovery recovery, CompletableFuture<?> stop)
      throws RedisUnavailableException, IOException {
    return recover(recovery, FORMER_BOUND, stop);
  }

  /** As above, but waits {@code formerBound} for an earlier process's connection to close. */
  synchronized List<String> recover(
      LeaseRecovery recovery, Duration formerBound, CompletableFuture<?> stop)
      throws RedisUnavailableException, IOException {
    if (state != State.OPEN) {
      throw new IllegalStateException("recover in state " + state);
    }
    List<String> findings;
    try {
      Recovery.Before before = tenure.begin(Deadline.in(formerBound).cutBy(stop), loop::begin);
      findings =
          new Recovery(recovery, reconciler, outstanding, records, loop, pool.address())
              .run(before, Deadline.in(RECOVERY_BOUND).cutBy(stop));
      tenure.epoch(before.epoch());
      incarnation = ownership.incarnation();
      recordPublisher.begin(before.epoch());
      appender = PageAppender.open(pool, keys, ownership, loop::renewedIncarnation, registry);
      watch = ledger.enter(ResourceKind.TIMER, OWNER);
    } catch (RedisLostException | SupersededException e) {
      throw new RedisUnavailableException(
          "Redis at " + pool.address() + " failed at the start: " + e.getMessage());
    }
    thread = OutcomeThread.start(loop, "outcomes-p" + keys.partition(), ledger, OWNER);
    state = State.RUNNING;
    return findings;
  }

  /**
   * Returns a stage that completes with a message for the user when another fetcher has taken the
   * partition: this process must end, and publishes nothing more.
   */
  public CompletionStage<String> superseded() {
    return superseded.minimalCompletionStage();
  }

  @Override
  public List<String> failures() {
    return Stream.of(superseded.getNow(null), failure).filter(Objects::nonNull).toList();
  }

  @Override
  public CompletionStage<Handed> publish(Page page) {
    PageAppender current = appender;
    if (current == null) {
      return CompletableFuture.completedFuture(new Handed.NotSent());
    }
    KillPoint.FETCHED.reached();
    StreamEntry entry = PageCodec.encode(page);
    LeaseId lease = page.lease();
    outstanding.sending(lease, entry.occupies());
    inFlight.incrementAndGet();
    return current.append(entry).thenApply(appended -> handed(lease, entry.occupies(), appended));
  }

  private Handed handed(LeaseId lease, long bytes, Appended appended) {
    inFlight.decrementAndGet();
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
        outstanding.inDoubt(lease, entryId);
        yield new Handed.InDoubt(bytes);
      }
    };
  }

  @Override
  public boolean takes() {
    return true;
  }

  @Override
  public CompletionStage<Handed> publish(Capture capture) {
    PageAppender current = appender;
    return current == null
        ? CompletableFuture.completedFuture(new Handed.NotSent())
        : recordPublisher.publish(capture, incarnation, current);
  }

  /**
   * The number of record-only entries in Redis or on the way there, which parsers have yet to
   * commit.
   */
  public int recordsOwed() {
    return records.count();
  }

  /**
   * Returns a stage that completes once parsers have committed every record-only entry or Redis has
   * lost it, or at once if none is owed. Meant for the end of a crawl, when no visit is in
   * progress. Completes on the outcome thread.
   */
  public CompletionStage<Void> recordsCommitted() {
    return records.noneOwed();
  }

  @Override
  public boolean beginVisit() {
    return records.beginVisit();
  }

  @Override
  public void visitEnded() {
    records.visitEnded();
  }

  @Override
  public CompletionStage<Void> room() {
    return records.room();
  }

  /**
   * Takes back the pages of overdue leases, so that they can no longer be committed, and returns
   * the leases that may be issued again: their page was still there, or is gone and has no outcome
   * waiting. For a lease that is not returned, an outcome is still due.
   *
   * <p>Blocks for a few round trips, so it must not be called on a shard's thread.
   *
   * @throws RedisLostException if Redis does not answer; the call may be repeated
   */
  public Set<LeaseId> revoke(Collection<LeaseId> leases) {
    return reconciler.revoke(leases);
  }

  /** The duties of the outcome loop's thread other than reading outcomes. */
  private final class InTheLoop implements OutcomeLoop.Duties {

    @Override
    public long newIncarnation() throws IOException {
      return tenure.renew();
    }

    @Override
    public void sessionChanged(Session session) {
      findLostPages(session);
    }

    @Override
    public void eachRound() {
      lostPages.giveBackDue();
      recordPublisher.lookDue();
    }

    @Override
    public void superseded(String line) {
      PageAppender current = appender;
      if (current != null) {
        current.close();
      }
      superseded.complete(line);
    }
  }

  /** Finds the pages that are gone, after Redis restarted or lost data. */
  private void findLostPages(Session session) {
    PageAppender current = appender;
    if (current == null) {
      return;
    }
    awaitAnswers(current);
    List<String> answeredRecords = recordPublisher.answered(); // before the scan, as with pages
    PartitionStreams.InPages found = lostPages.find(session);
    recordPublisher.sessionChanged(session, answeredRecords, found.records().values());
    try {
      tenure.epoch(session.epoch());
    } catch (IOException e) {
      log.warn("the note for the next start cannot be written: {}", e.getMessage());
    }
  }

  /**
   * Waits for Redis to answer for pages in flight. Meanwhile takes new incarnations, since only
   * this thread can and those pages may need one.
   */
  private void awaitAnswers(PageAppender of) {
    CompletionStage<Void> answered = of.answered();
    Deadline deadline = Deadline.in(ANSWERS_BOUND);
    try {
      do {
        loop.renewIncarnation();
        if (Deadline.in(ANSWERS_LOOK).await(answered)) {
          return;
        }
      } while (!deadline.passed());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisLostException("interrupted");
    }
    throw new RedisLostException("pages sent to Redis were not answered");
  }

  @Override
  public String name() {
    return "handover";
  }

  /**
   * Informs parsers that the fetcher is stopping. Pages from requests already on the wire are
   * accepted until {@link #drain}.
   */
  @Override
  public void stopIntake() {
    var _ = tenure.tell(PartitionOwner.State.STOPPING);
  }

  /** Does nothing: an accepted page is already on its way and cannot be cancelled. */
  @Override
  public int cancelPending() {
    return 0;
  }

  /**
   * Waits until Redis has every accepted page, and until the outcomes that were read are journaled.
   * Does not wait for outcomes that parsers owe: these stay in Redis, as do those not journaled by
   * the deadline, until the next start reads them.
   */
  @Override
  public synchronized Drained drain(Deadline deadline) {
    if (state != State.RUNNING) {
      return Drained.NOTHING;
    }
    state = State.DRAINED;
    int before = inFlight.get() + loop.inProgress();
    PageAppender current = appender;
    if (current != null) {
      awaitAnswers(current, deadline);
    }
    endLoop(deadline.left().compareTo(JOIN_BOUND) < 0 ? deadline.left() : JOIN_BOUND);
    loop.settleDown(deadline);
    int notTaken = inFlight.get();
    int left = notTaken + loop.inProgress();
    return new Drained(Math.max(0, before - left), notTaken);
  }

  private void awaitAnswers(PageAppender current, Deadline deadline) {
    try {
      if (!deadline.await(current.answered())) {
        log.warn("Redis did not take {} pages in time", inFlight.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * {@inheritDoc} Informs parsers that the fetcher has stopped, and writes down for the next start
   * what is left in Redis.
   */
  @Override
  public synchronized void close() {
    if (state == State.CLOSED) {
      return;
    }
    boolean recovered = state != State.OPEN;
    state = State.CLOSED;
    endLoop(JOIN_BOUND);
    PageAppender current = appender;
    if (current != null) {
      current.close();
    }
    if (watch != null) {
      watch.close();
    }
    reader.close();
    Set<LeaseId> resting = outstanding.certain();
    outstanding.close();
    records.close();
    if (recovered && !superseded.isDone()) {
      leave(resting);
    }
  }

  private void leave(Set<LeaseId> resting) {
    try {
      tenure.end(resting, pool.condition() instanceof RedisCondition.Well);
    } catch (IOException e) {
      log.debug("no note for the next start", e);
      failure = "the note for the next start cannot be written: " + e;
    }
  }

  private void endLoop(Duration bound) {
    OutcomeThread started = thread;
    if (started != null) {
      started.end(bound);
    }
  }
}
