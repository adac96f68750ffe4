package io.sluice.frontier.shard;

import io.sluice.core.lifecycle.Deadline;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * What bounds the leases of all shards together: visits under way, pages and bytes owed by parsers,
 * the crawl's budget of pages, and whether leases are issued at all. A lease takes credit when it
 * is issued and frees it bit by bit: its visit when that is over, the rest when its settlement is
 * synced.
 *
 * <p>A shard that finds no room is noted as waiting and {@linkplain #wakeWaiting woken} when there
 * is as much as it asked for; while others wait, a shard that holds more than its part of the
 * leases yields. A shard with no lease out is not held back by what parsers owe.
 *
 * <p>Thread-safe: one monitor, held for a few instructions.
 */
public final class Credit {

  /**
   * The bounds.
   *
   * @param visits visits under way
   * @param pages leases not yet settled
   * @param bytes what these occupy, outcomes included
   * @param budget pages to fetch in all; 0 for no limit
   */
  public record Limits(int visits, int pages, long bytes, long budget) {}

  private final Limits limits;
  private final IntConsumer wake;
  private final int[] out;
  private final BitSet waiting = new BitSet();

  /** The bytes that each shard that waits asked for. */
  private final long[] wanted;

  private boolean open;
  private int visits;
  private int unhanded;
  private int totalOut;
  private long bytes;
  private long fetched;

  /** Completes when no lease is on its way, if any was when somebody last waited. */
  private CompletableFuture<Void> allHanded = new CompletableFuture<>();

  /**
   * @param wake wakes the shard of that number; called without the monitor
   */
  public Credit(Limits limits, int shards, IntConsumer wake) {
    this.limits = limits;
    this.wake = wake;
    this.out = new int[shards];
    this.wanted = new long[shards];
  }

  /** Accounts for what a shard recovered: leases that are out, and pages fetched before. */
  synchronized void recover(int shard, int leasesOut, long pagesFetched) {
    out[shard] += leasesOut;
    totalOut += leasesOut;
    fetched += pagesFetched;
  }

  /** From now on leases may be issued. */
  public synchronized void open() {
    open = true;
  }

  /** From now on no lease is issued; final. */
  public synchronized void shut() {
    open = false;
  }

  /** Takes credit for a lease of that shard; else notes that it waits for some. */
  synchronized boolean take(int shard, long estimate) {
    if (!open) {
      return false;
    }
    waiting.clear(shard);
    if (!roomFor(shard, estimate) || mustYield(shard, waiting.cardinality() + 1)) {
      waiting.set(shard);
      wanted[shard] = estimate;
      return false;
    }
    visits++;
    unhanded++;
    out[shard]++;
    totalOut++;
    bytes += estimate;
    return true;
  }

  private boolean roomFor(int shard, long estimate) {
    return visits < limits.visits()
        && (limits.budget() == 0 || fetched + totalOut < limits.budget())
        && (out[shard] == 0 || (totalOut < limits.pages() && bytes + estimate <= limits.bytes()));
  }

  private boolean mustYield(int shard, int contenders) {
    return contenders > 1 && (long) out[shard] * contenders > totalOut;
  }

  /** A visit is over. */
  synchronized void visited() {
    visits--;
  }

  /** A page is in Redis: its real size, and its outcome's part, take the estimate's place. */
  synchronized void handed(long estimate, long actual) {
    bytes += actual - estimate;
    handed();
  }

  /** A lease ended without its page having come to Redis. */
  synchronized void notHanded() {
    handed();
  }

  private void handed() {
    unhanded--;
    if (unhanded == 0) {
      allHanded.complete(null);
    }
  }

  /** A settlement is synced. */
  synchronized void release(int shard, long held, boolean page) {
    out[shard]--;
    totalOut--;
    bytes -= held;
    if (page) {
      fetched++;
    }
  }

  /** Wakes the shards that wait, if they would get now what they asked for. */
  void wakeWaiting() {
    BitSet toWake;
    synchronized (this) {
      if (waiting.isEmpty() || !open || visits >= limits.visits()) {
        return;
      }
      toWake = new BitSet();
      int contenders = waiting.cardinality();
      for (int shard = waiting.nextSetBit(0); shard >= 0; shard = waiting.nextSetBit(shard + 1)) {
        if (roomFor(shard, wanted[shard]) && !mustYield(shard, contenders)) {
          toWake.set(shard);
        }
      }
      waiting.andNot(toWake);
    }
    toWake.stream().forEach(wake);
  }

  /** Waits until no lease is on its way to Redis; returns how many are at the deadline. */
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

  /** Leases on their way to Redis. */
  public synchronized int unhanded() {
    return unhanded;
  }

  /** Leases not yet settled. */
  public synchronized int out() {
    return totalOut;
  }

  /** Visits under way. */
  public synchronized int visits() {
    return visits;
  }

  /** Bytes that leases hold. */
  public synchronized long bytes() {
    return bytes;
  }

  /** Whether the budget of pages is spent. */
  synchronized boolean budgetSpent() {
    return limits.budget() > 0 && fetched >= limits.budget();
  }

  /** The bounds. */
  public Limits limits() {
    return limits;
  }
}
