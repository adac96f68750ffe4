package io.sluice.frontier.queue;

import io.sluice.frontier.hold.HostState;
import io.sluice.frontier.hold.HostState.Kind;
import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a shard, by number and by name, and the number of hosts and of their URLs in each
 * state. Buckets of calendars have numbers as hosts do, but are not counted. Confined to its
 * shard's thread.
 */
public final class Hosts {

  /** The counts of one state. */
  private static final class Tally {
    private int hosts;
    private long waiting;
    private long inHand;
  }

  private final List<HostQueue> byNumber = new ArrayList<>();
  private final Object2ObjectOpenHashMap<String, HostQueue> byName =
      new Object2ObjectOpenHashMap<>();
  private final Map<Kind, Tally> tallies = new EnumMap<>(Kind.class);
  private long setAside;
  private long toJudge;

  /** Adds a host; its number is the count of hosts before it. */
  public HostQueue add(String name) {
    HostQueue host = new HostQueue(byNumber.size(), name);
    byNumber.add(host);
    byName.put(name, host);
    if (!host.isBucket()) {
      tally(Kind.FIRST).hosts++;
    }
    return host;
  }

  /**
   * The host with that number.
   *
   * @throws IllegalStateException if there is none
   */
  public HostQueue get(int number) {
    if (number < 0 || number >= byNumber.size()) {
      throw new IllegalStateException("host number " + number + " is not below " + byNumber.size());
    }
    return byNumber.get(number);
  }

  /** The host with that name; null if there is none. */
  public @Nullable HostQueue get(String name) {
    return byName.get(name);
  }

  /** The number of hosts. */
  public int size() {
    return byNumber.size();
  }

  /** All hosts, by number; a view. */
  public List<HostQueue> all() {
    return Collections.unmodifiableList(byNumber);
  }

  /** A host's state has changed because of a visit. */
  public void change(HostQueue host, HostState next) {
    Kind before = host.state().kind();
    Kind after = next.kind();
    host.state(next);
    if (before == after) {
      return;
    }
    if (after == Kind.GIVEN_UP) {
      toJudge(host, 0); // it gets no leases, not even to judge URLs again
    } else if (before == Kind.GIVEN_UP) {
      toJudge(host, Math.toIntExact(host.setAside()));
    }
    count(before, host, -1);
    count(after, host, 1);
  }

  private void count(Kind state, HostQueue host, int sign) {
    Tally tally = tally(state);
    tally.hosts += sign;
    tally.waiting += (long) sign * host.size();
    tally.inHand += (long) sign * host.inHand();
  }

  private Tally tally(Kind state) {
    return tallies.computeIfAbsent(state, _ -> new Tally());
  }

  /** URLs of a class began to wait at a host, or were taken. */
  void waits(HostQueue host, int classNumber, int change) {
    if (host.isBucket()) {
      host.waits(change);
    } else if (classNumber == QueueClass.SET_ASIDE) {
      setAside += change;
    } else {
      host.waits(change);
      tally(host.state().kind()).waiting += change;
    }
  }

  /**
   * Counts a lease whose page is not in Redis: it was issued (1), or ended or reached Redis (-1).
   */
  public void inHand(HostQueue host, int change) {
    host.inHand(change);
    tally(host.state().kind()).inHand += change;
  }

  /** Marks all URLs set aside as still to be judged by the settings of this run. */
  public void judgeSetAside() {
    for (HostQueue host : byNumber) {
      if (host.state().kind() != Kind.GIVEN_UP) {
        toJudge(host, Math.toIntExact(host.setAside()));
      }
    }
  }

  void toJudge(HostQueue host, int count) {
    toJudge += count - host.toJudge();
    host.toJudge(count);
  }

  /** Hosts by state; a copy. */
  public Map<Kind, Integer> counts() {
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      counts.put(kind, count(kind));
    }
    return counts;
  }

  /** Hosts in a state. */
  public int count(Kind kind) {
    return tally(kind).hosts;
  }

  /** URLs that wait at hosts in a state, except those set aside. */
  public long waiting(Kind kind) {
    return tally(kind).waiting;
  }

  /** Leases of hosts in a state whose pages are not in Redis. */
  public long inHand(Kind kind) {
    return tally(kind).inHand;
  }

  /** URLs that wait for a lease: those of hosts that are not given up. */
  public long live() {
    long live = 0;
    for (Kind kind : Kind.values()) {
      live += kind == Kind.GIVEN_UP ? 0 : waiting(kind);
    }
    return live;
  }

  /** Number of URLs that the current settings refuse. */
  public long setAside() {
    return setAside;
  }

  /** Number of URLs set aside that are still to be judged. */
  public long toJudge() {
    return toJudge;
  }
}
