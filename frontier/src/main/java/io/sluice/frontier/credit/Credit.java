package io.sluice.frontier.credit;

import io.sluice.core.lease.VisitKind;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.frontier.VisitCounts;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * Bounds the leases of all shards together: by visits in progress, by pages and bytes that parsers
 * have yet to settle, by the crawl's budget of pages, and by whether leases are issued at all. A
 * lease takes credit when it is issued and frees it in steps: its place among the visits when the
 * visit is over, the rest when its settlement is durable.
 *
 * <p>{@link VisitPlaces} decides which kind of visit may have a free place. A shard that finds no
 * room for a visit of some kind is recorded as waiting for that kind, and {@linkplain #wakeWaiting
 * woken} when there is as much credit as it requested. While other shards wait for a kind, a shard
 * that holds more than its share of the kind's leases gets no more. A shard with no lease out is
 * not held back by what parsers have yet to settle.
 *
 * <p>Thread-safe: one monitor, held for a few instructions.
 */
public final class Credit {

  /**
   * The bounds.
   *
   * @param visits maximum number of visits in progress
   * @param pages maximum number of leases not yet settled
   * @param bytes maximum number of bytes that the pages of these leases occupy in Redis, including
   *     outcomes
   * @param budget total number of pages to fetch; 0 for no limit
   * @param troubled maximum number of visits in progress to hosts in trouble
   */
  public record Limits(int visits, int pages, long bytes, long budget, int troubled) {}

  private static final VisitKind[] KINDS = VisitKind.values();

  /** The leases of one kind, and the shards that are waiting for one. */
  private static final class Leases {
    private final int[] out;
    private final BitSet waiting = new BitSet();

    /** The bytes that each waiting shard requested. */
    private final long[] wanted;

    private int totalOut;

    Leases(int shards) {
      out = new int[shards];
      wanted = new long[shards];
    }

    boolean mustYield(int shard, int contenders) {
      return contenders > 1 && (long) out[shard] * contenders > totalOut;
    }
  }

  private final Limits limits;
  private final IntConsumer wake;
  private final VisitPlaces places;
  private final Map<VisitKind, Leases> leases = new EnumMap<>(VisitKind.class);
  private final int[] out;
  private boolean open;
  private int visits;
  private int unhanded;
  private int totalOut;
  private long bytes;
  private long fetched;

  /**
   * Completes when no lease's page is on its way to Redis; replaced by a new future when a wait
   * begins while one is.
   */
  private CompletableFuture<Void> allHanded = new CompletableFuture<>();

  /**
   * @param wake wakes the shard with the given number; called without holding the monitor
   */
  public Credit(Limits limits, int shards, IntConsumer wake) {
    this.limits = limits;
    this.wake = wake;
    this.out = new int[shards];
    this.places = new VisitPlaces(Math.min(limits.visits(), limits.pages()), limits.troubled());
    for (VisitKind kind : KINDS) {
      leases.put(kind, new Leases(shards));
    }
  }

  /** Accounts for a recovered shard: its leases that are out, and the pages that it has fetched. */
  public synchronized void recover(int shard, int leasesOut, long pagesFetched) {
    out[shard] += leasesOut;
    totalOut += leasesOut;
    Leases proven = leases(VisitKind.PROVEN); // their visits had led to pages
    proven.out[shard] += leasesOut;
    proven.totalOut += leasesOut;
    fetched += pagesFetched;
  }

  /** Lets leases be issued from now on. */
  public synchronized void open() {
    open = true;
  }

  /** Stops the issue of leases for good. */
  public synchronized void shut() {
    open = false;
  }

  /**
   * Takes credit for a lease of the given shard, or records that the shard is waiting for some.
   *
   * @param estimate bytes that the page and its outcome are expected to occupy in Redis
   * @param nowNanos the turn's time (monotonic)
   * @return whether credit was taken
   */
  public synchronized boolean take(int shard, VisitKind kind, long estimate, long nowNanos) {
    if (!open) {
      return false;
    }
    Leases ofKind = leases(kind);
    ofKind.waiting.clear(shard);
    int others = ofKind.waiting.cardinality();
    if (!roomFor(shard, kind, estimate) || ofKind.mustYield(shard, others + 1)) {
      ofKind.waiting.set(shard);
      ofKind.wanted[shard] = estimate;
      places.waiting(kind, others + 1, nowNanos);
      return false;
    }
    places.waiting(kind, others, nowNanos);
    places.begin(kind, nowNanos);
    visits++;
    unhanded++;
    out[shard]++;
    totalOut++;
    ofKind.out[shard]++;
    ofKind.totalOut++;
    bytes += estimate;
    return true;
  }

  private boolean roomFor(int shard, VisitKind kind, long estimate) {
    return places.mayTake(kind, freePlaces(shard))
        && (limits.budget() == 0 || fetched + totalOut < limits.budget())
        && (out[shard] == 0 || bytes + estimate <= limits.bytes());
  }

  /**
   * Number of further visits that may begin. While parsers have many pages to settle, it is less
   * than the number of free connections, since each visit may yield a page.
   */
  private int freePlaces(int shard) {
    int free = limits.visits() - visits;
    return out[shard] == 0 ? free : Math.min(free, limits.pages() - totalOut);
  }

  private Leases leases(VisitKind kind) {
    return Objects.requireNonNull(leases.get(kind));
  }

  /** Frees the place of a visit that is over. */
  public synchronized void visited(VisitKind kind) {
    visits--;
    places.end(kind);
  }

  /**
   * Records that a page is in Redis: its actual size, including that reserved for its outcome,
   * replaces the estimate.
   */
  public synchronized void handed(long estimate, long actual) {
    bytes += actual - estimate;
    handed();
  }

  /** Records that a lease ended whose page did not reach Redis. */
  public synchronized void notHanded() {
    handed();
  }

  private void handed() {
    unhanded--;
    if (unhanded == 0) {
      allHanded.complete(null);
    }
  }

  /**
   * Frees the rest of a lease's credit, now that its settlement is durable.
   *
   * @param kind the kind of visit that the lease was issued for
   * @param held bytes of credit that the lease held
   * @param page whether a page was fetched
   */
  public synchronized void release(int shard, VisitKind kind, long held, boolean page) {
    out[shard]--;
    totalOut--;
    Leases ofKind = leases(kind);
    ofKind.out[shard]--;
    ofKind.totalOut--;
    bytes -= held;
    if (page) {
      fetched++;
    }
  }

  /** Wakes the waiting shards whose request can now be granted. */
  public void wakeWaiting(long nowNanos) {
    BitSet toWake = new BitSet();
    synchronized (this) {
      if (!open || visits >= limits.visits()) {
        return;
      }
      for (VisitKind kind : KINDS) {
        places.waiting(kind, leases(kind).waiting.cardinality(), nowNanos);
      }
      for (VisitKind kind : KINDS) {
        collectWaiting(kind, toWake);
      }
    }
    toWake.stream().forEach(wake);
  }

  private void collectWaiting(VisitKind kind, BitSet toWake) {
    Leases ofKind = leases(kind);
    BitSet waiting = ofKind.waiting;
    int contenders = waiting.cardinality();
    BitSet ready = new BitSet();
    for (int shard = waiting.nextSetBit(0); shard >= 0; shard = waiting.nextSetBit(shard + 1)) {
      if (roomFor(shard, kind, ofKind.wanted[shard]) && !ofKind.mustYield(shard, contenders)) {
        ready.set(shard);
      }
    }
    waiting.andNot(ready);
    toWake.or(ready);
  }

  /** Waits until no lease is on its way to Redis; returns how many still are at the deadline. */
  public int awaitHanded(Deadline deadline) throws InterruptedException {
    deadline.await(allHanded());
    return unhanded();
  }

  private synchronized CompletableFuture<Void> allHanded() {
    if (allHanded.isDone() && unhanded > 0) {
      allHanded = new CompletableFuture<>();
    }
    if (unhanded == 0) {
      allHanded.complete(null);
    }
    return allHanded;
  }

  /** Number of leases whose page is not yet in Redis. */
  public synchronized int unhanded() {
    return unhanded;
  }

  /** Number of leases not yet settled. */
  public synchronized int out() {
    return totalOut;
  }

  /** Number of visits in progress. */
  public synchronized int visits() {
    return visits;
  }

  /**
   * Whether each kind of visit has places of its own; otherwise visits are made in the order in
   * which they are due.
   */
  public boolean sharesOut() {
    return places.sharesOut();
  }

  /**
   * The number of visits that a shard can have at a time: those left over by the leases of other
   * shards, but at least its share of all, and at least 1.
   */
  public synchronized int placesOfAShard(int shard) {
    int left = limits.visits() - (totalOut - out[shard]);
    return Math.max(1, Math.max(left, limits.visits() / out.length));
  }

  /** Visits in progress, by kind. */
  public synchronized VisitCounts visitCounts() {
    return new VisitCounts(
        places.inFlight(VisitKind.PROVEN),
        places.inFlight(VisitKind.FIRST),
        places.inFlight(VisitKind.TROUBLED),
        places.troubledMax(),
        limits.visits());
  }

  /** Whether no further page may be leased before parsers have settled some. */
  public synchronized boolean parsersBehind() {
    return totalOut >= limits.pages() || bytes >= limits.bytes();
  }

  /** Bytes of credit that leases hold. */
  public synchronized long bytes() {
    return bytes;
  }

  /** Whether the budget of pages is used up. */
  public synchronized boolean budgetSpent() {
    return limits.budget() > 0 && fetched >= limits.budget();
  }

  /** The bounds. */
  public Limits limits() {
    return limits;
  }
}
