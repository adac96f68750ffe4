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
 * may begin; its delay counts from the end of the last visit that asked it. Hosts that want an
 * address which is not free wait in its line, first come first served whatever their shards are. A
 * host is called as soon as a visit can be kept for it, and told from when.
 *
 * <p>An address is remembered while somebody visits it, waits for it, or its delay runs: so there
 * are no more of them than visits under way, visits of the last delay and hosts that wait. At
 * {@link #MAX_ADDRESSES} an address that is not known is not free before another one is forgotten.
 *
 * <p>Thread-safe: one monitor, held for a few instructions and never while somebody is woken (see
 * docs/decisions/0005). Times are monotonic nanoseconds.
 */
public final class Governor implements AddressDesk {

  /** Addresses remembered at most. */
  public static final int MAX_ADDRESSES = 1 << 18;

  /** When there is no room, shards ask again after this. */
  private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * A host's turn has come: the first of the shard's hosts in the line of that address.
   *
   * @param fromNanos when its visit, which is kept for it, may begin
   */
  public record Call(long address, long fromNanos) {}

  private record Pause(long address, long overNanos) {}

  private final long delayNanos;
  private final int connections;
  private final long openNanos;
  private final LongSupplier nanoTime;
  private final IntConsumer wake;
  private final Long2ObjectOpenHashMap<AddressClock> clocks = new Long2ObjectOpenHashMap<>();
  private final Map<LeaseId, AddressVisit> visits = new HashMap<>();
  private final List<List<Call>> calls = new ArrayList<>();

  /** The pauses that run, by their end, which is the order of their beginning too. */
  private final Queue<Pause> pauses = new ArrayDeque<>();

  /**
   * @param shards how many there are
   * @param openNanos no address is visited before; after a restart one delay from now
   * @param wake wakes the shard of that number, which has calls; called without the monitor
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

  /** A host of that shard wants to visit an address; if it must wait in line, that is noted. */
  public synchronized Place ask(int shard, long address) {
    long now = nanoTime.getAsLong();
    AddressClock clock = clock(address, now);
    if (clock == null) {
      return new Place.AskAgain(now + ASK_AGAIN_NANOS);
    }
    if (clock.lineIsEmpty() && clock.visits < connections) {
      clock.visits++;
      return new Place.Yours(clock.notBeforeNanos);
    }
    clock.join(shard);
    return new Place.InLine();
  }

  /** From when the visit that is kept for a host may begin; a visit beside it may put that off. */
  public synchronized long fromNanos(long address) {
    return kept(address).notBeforeNanos;
  }

  /** The visit that was kept for a host is not made: the next in line is called. */
  public void giveUp(long address) {
    BitSet toWake = new BitSet();
    synchronized (this) {
      release(kept(address), false, nanoTime.getAsLong(), toWake);
    }
    toWake.stream().forEach(wake);
  }

  /**
   * A lease goes out.
   *
   * @param address the address at which a visit was kept for its host; 0 for none
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
    return clock.lineIsEmpty() && clock.visits < connections && clock.notBeforeNanos - now <= 0;
  }

  /**
   * The visit of a lease is over: the delays of the addresses that it asked begin.
   *
   * @return the address that its host is to ask for before the next visit; 0 if nothing was learnt
   */
  public long end(LeaseId lease) {
    BitSet toWake = new BitSet();
    long next;
    synchronized (this) {
      AddressVisit visit = visits.remove(lease);
      if (visit == null) {
        return AddressKey.NONE;
      }
      long now = nanoTime.getAsLong();
      visit.release((clock, asked) -> release(clock, asked, now, toWake));
      next = visit.nextTime();
    }
    toWake.stream().forEach(wake);
    return next;
  }

  /** The calls for the hosts of a shard since the last time. */
  public synchronized List<Call> takeCalls(int shard) {
    List<Call> taken = calls.get(shard);
    if (!taken.isEmpty()) {
      calls.set(shard, new ArrayList<>());
    }
    return taken;
  }

  /** Addresses that are remembered. */
  public synchronized int addresses() {
    return clocks.size();
  }

  /** A visit is over, or is not made. */
  private void release(AddressClock clock, boolean asked, long now, BitSet toWake) {
    clock.visits--;
    if (asked && delayNanos > 0) {
      clock.notBeforeNanos = now + delayNanos;
      pauses.add(new Pause(clock.key, clock.notBeforeNanos));
    }
    while (!clock.lineIsEmpty() && clock.visits < connections) {
      int shard = clock.poll();
      clock.visits++;
      calls.get(shard).add(new Call(clock.key, clock.notBeforeNanos));
      toWake.set(shard);
    }
    forgetIfIdle(clock, now);
  }

  /** An address's clock, made if there is none; null if there is no room for another one. */
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
      throw new IllegalStateException("no visit is kept at address " + Long.toHexString(address));
    }
    return clock;
  }

  /** Forgets the addresses whose pauses are over, unless somebody visits them or waits. */
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
