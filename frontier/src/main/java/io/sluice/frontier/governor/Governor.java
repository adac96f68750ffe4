package io.sluice.frontier.governor;

import io.sluice.core.config.PolitenessSettings.Pace;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.LeaseId;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of IP addresses, over all shards: how many visits an address has, and when the next
 * may begin; its delay counts from the end of the last visit that asked it. Hosts that request an
 * address that is not free wait in its queue, first come first served across shards. A host is
 * called as soon as a visit can be reserved for it, and the call names the time when that visit may
 * begin.
 *
 * <p>An address is remembered while it is visited or waited for, or while its delay runs. The
 * number of addresses remembered is therefore bounded by the visits in progress, the visits within
 * the last delay, and the waiting hosts. When {@link #MAX_ADDRESSES} are known, a new address is
 * not free until another one is forgotten.
 *
 * <p>Thread-safe: one monitor, held for a few instructions and never while a shard is woken
 * (docs/decisions/0005). Times are monotonic nanoseconds.
 */
public final class Governor implements AddressDesk {

  /** Maximum number of addresses remembered. */
  public static final int MAX_ADDRESSES = 1 << 18;

  /** Time after which shards ask again if there was no room. */
  private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * Tells a shard that one of its hosts is next: the one that is first among its hosts in the
   * address's queue.
   *
   * @param fromNanos when the visit that is reserved for it may begin
   */
  public record Call(long address, long fromNanos) {}

  /**
   * What the end of a visit means for its host.
   *
   * @param address the address that the host is to ask for before the next visit; 0 if there is
   *     none
   * @param stillReserved whether a visit is still reserved for the host at that address, because
   *     another visit put off the one that was reserved; if so, the visit must be begun or given up
   */
  public record Over(long address, boolean stillReserved) {
    private static final Over NOTHING = new Over(AddressKey.NONE, false);
  }

  private record Pause(long address, long overNanos) {}

  private final long delayNanos;
  private final int connections;
  private final long openNanos;
  private final LongSupplier nanoTime;
  private final IntConsumer wake;
  private final Long2ObjectOpenHashMap<AddressClock> clocks = new Long2ObjectOpenHashMap<>();
  private final Map<LeaseId, AddressVisit> visits = new HashMap<>();
  private final List<List<Call>> calls = new ArrayList<>();

  /**
   * Running pauses, by their end; all are equally long, so this is also the order of their start.
   */
  private final Queue<Pause> pauses = new ArrayDeque<>();

  /**
   * @param shards number of shards
   * @param openNanos no address is visited before this; after a restart, one delay from now
   * @param wake wakes the shard with the given number, which has calls to take; called without
   *     holding the monitor
   */
  public Governor(Pace pace, int shards, long openNanos, LongSupplier nanoTime, IntConsumer wake) {
    this.delayNanos = pace.delay().toNanos();
    this.connections = pace.connections() == 0 ? Integer.MAX_VALUE : pace.connections();
    this.openNanos = openNanos;
    this.nanoTime = nanoTime;
    this.wake = wake;
    for (int shard = 0; shard < shards; shard++) {
      calls.add(new ArrayList<>());
    }
  }

  /**
   * Requests a place at an address for a host of the given shard. If the host must wait, it is
   * queued.
   */
  public synchronized Place ask(int shard, long address) {
    long now = nanoTime.getAsLong();
    AddressClock clock = clock(address, now);
    if (clock == null) {
      return new Place.AskAgain(now + ASK_AGAIN_NANOS);
    }
    if (clock.queueIsEmpty() && clock.visits < connections) {
      clock.visits++;
      return new Place.Yours(clock.notBeforeNanos);
    }
    clock.join(shard);
    return new Place.Queued();
  }

  /** When the delay of an address is over; in the past if none runs. */
  public synchronized long notBeforeNanos(long address) {
    AddressClock clock = clocks.get(address);
    return clock == null ? openNanos : clock.notBeforeNanos;
  }

  /** When the visit that is reserved for a host may begin; another visit may postpone that. */
  public synchronized long fromNanos(long address) {
    return kept(address).notBeforeNanos;
  }

  /** Gives up the visit that was reserved for a host, and calls the next host in the queue. */
  public void giveUp(long address) {
    BitSet toWake = new BitSet();
    synchronized (this) {
      release(kept(address), false, nanoTime.getAsLong(), toWake);
    }
    toWake.stream().forEach(wake);
  }

  /**
   * Begins the visit of a lease that is being issued.
   *
   * @param address the address at which a visit was reserved for its host; 0 for none
   */
  public synchronized void begin(LeaseId lease, long address) {
    AddressVisit visit = new AddressVisit();
    if (address != AddressKey.NONE) {
      visit.hold(kept(address), false);
    }
    visits.put(lease, visit);
  }

  @Override
  public synchronized boolean admit(LeaseId lease, InetAddress address) {
    AddressVisit visit = visits.get(lease);
    long key = AddressKey.of(address);
    if (visit == null) {
      return false; // its visit is over
    }
    long now = nanoTime.getAsLong();
    if (visit.ask(key, now)) {
      return true;
    }
    AddressClock clock = clock(key, now);
    if (clock == null || visit.holds(key) || !free(clock, now)) {
      visit.refuse(key);
      return false;
    }
    clock.visits++;
    visit.hold(clock, true);
    return true;
  }

  private boolean free(AddressClock clock, long now) {
    return clock.queueIsEmpty() && clock.visits < connections && clock.notBeforeNanos - now <= 0;
  }

  /**
   * Ends the visit of a lease: the delays of the addresses that it asked begin. A visit that was
   * put off by another one keeps its place; otherwise a host could lose its turn again and again.
   */
  public Over end(LeaseId lease) {
    BitSet toWake = new BitSet();
    Over over;
    synchronized (this) {
      AddressVisit visit = visits.remove(lease);
      if (visit == null) {
        return Over.NOTHING;
      }
      long now = nanoTime.getAsLong();
      visit.release((clock, asked) -> release(clock, asked, now, toWake));
      over = new Over(visit.nextTime(), visit.wasPutOff());
    }
    toWake.stream().forEach(wake);
    return over;
  }

  /** Returns the calls for the hosts of a shard since the last call of this method. */
  public synchronized List<Call> takeCalls(int shard) {
    List<Call> taken = calls.get(shard);
    if (!taken.isEmpty()) {
      calls.set(shard, new ArrayList<>());
    }
    return taken;
  }

  /** Number of addresses that are remembered. */
  public synchronized int addresses() {
    return clocks.size();
  }

  /** Releases a visit that is over or is not made. */
  private void release(AddressClock clock, boolean asked, long now, BitSet toWake) {
    clock.visits--;
    if (asked && delayNanos > 0) {
      clock.notBeforeNanos = now + delayNanos;
      pauses.add(new Pause(clock.key, clock.notBeforeNanos));
    }
    while (!clock.queueIsEmpty() && clock.visits < connections) {
      int shard = clock.poll();
      clock.visits++;
      calls.get(shard).add(new Call(clock.key, clock.notBeforeNanos));
      toWake.set(shard);
    }
    forgetIfIdle(clock, now);
  }

  /** An address's clock, created if necessary; null if there is no room for another one. */
  private @Nullable AddressClock clock(long address, long now) {
    forgetIdle(now);
    AddressClock clock = clocks.get(address);
    if (clock != null || clocks.size() >= MAX_ADDRESSES) {
      return clock;
    }
    clock = new AddressClock(address, openNanos - now > 0 ? openNanos : now);
    clocks.put(address, clock);
    if (openNanos - now > 0) {
      pauses.add(new Pause(address, openNanos));
    }
    return clock;
  }

  private AddressClock kept(long address) {
    AddressClock clock = clocks.get(address);
    if (clock == null) {
      throw new IllegalStateException(
          "no visit is recorded at address " + Long.toHexString(address));
    }
    return clock;
  }

  /** Forgets addresses whose pauses are over, unless they are visited or waited for. */
  private void forgetIdle(long now) {
    for (Pause pause = pauses.peek();
        pause != null && pause.overNanos() - now <= 0;
        pause = pauses.peek()) {
      pauses.remove();
      AddressClock clock = clocks.get(pause.address());
      if (clock != null) {
        forgetIfIdle(clock, now);
      }
    }
  }

  private void forgetIfIdle(AddressClock clock, long now) {
    if (clock.idle(now)) {
      clocks.remove(clock.key);
    }
  }
}
