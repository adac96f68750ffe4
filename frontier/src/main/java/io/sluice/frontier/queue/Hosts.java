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
 * state. Buckets of calendars have numbers as hosts do, but are not counted in any state. Confined
 * to its shard's thread.
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
   * The host with the given number.
   *
   * @throws IllegalStateException if there is none
   */
  public HostQueue get(int number) {
    if (number < 0 || number >= byNumber.size()) {
      throw new IllegalStateException("host number " + number + " is not below " + byNumber.size());
    }
    return byNumber.get(number);
  }

  /** The host with the given name; null if there is none. */
  public @Nullable HostQueue get(String name) {
    return byName.get(name);
  }

  /** The number of hosts, including buckets. */
  public int size() {
    return byNumber.size();
  }

  /** All hosts, by number, including buckets; a view. */
  public List<HostQueue> all() {
    return Collections.unmodifiableList(byNumber);
  }

  /** Changes a host's state, and the counts that depend on it. */
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

  /** Counts URLs of a class that were queued at a host (positive) or taken (negative). */
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

  /** Number of URLs that are waiting at hosts in a state, except those set aside. */
  public long waiting(Kind kind) {
    return tally(kind).waiting;
  }

  /** Number of leases of hosts in a state whose pages are not in Redis. */
  public long inHand(Kind kind) {
    return tally(kind).inHand;
  }

  /** Number of URLs that are waiting for a lease: those of hosts that are not given up. */
  public long live() {
    long live = 0;
    for (Kind kind : Kind.values()) {
      live += kind == Kind.GIVEN_UP ? 0 : waiting(kind);
    }
    return live;
  }

  /** Number of URLs that were set aside because settings refused them. */
  public long setAside() {
    return setAside;
  }

  /** Number of URLs set aside that are still to be judged. */
  public long toJudge() {
    return toJudge;
  }
}
