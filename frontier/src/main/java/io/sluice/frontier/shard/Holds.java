package io.sluice.frontier.shard;

import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Visit;
import io.sluice.frontier.HeldHosts;
import io.sluice.frontier.HeldHosts.Patience;
import io.sluice.frontier.RetryFilter;
import io.sluice.frontier.TakenBack;
import io.sluice.frontier.hold.CrawlTime;
import io.sluice.frontier.hold.HoldPolicy;
import io.sluice.frontier.hold.HostState;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.hold.HostState.Held;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.hold.HostState.Sign;
import io.sluice.frontier.hold.HostState.Step;
import io.sluice.frontier.hold.Uplink;
import io.sluice.frontier.politeness.DelayPolicy;
import io.sluice.frontier.politeness.HostSchedule;
import io.sluice.frontier.politeness.Terms;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.state.Event.HostChanged;
import io.sluice.frontier.state.Event.HostGivenUp;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the states of a shard's hosts: derives the next state from a visit's finding, journals the
 * changes that must be durable, schedules held hosts for their probes, and gives them up when
 * patience is exhausted. Confined to its shard's thread.
 */
final class Holds {

  /**
   * A host that was given up and may be probed from {@code atMillis} on (running time), because a
   * new URL was offered.
   */
  private record Chance(long atMillis, HostQueue host) {}

  private static final long NO_OUTAGE = Long.MIN_VALUE;

  private final ShardStore store;
  private final HostSchedule<HostQueue> schedule;
  private final Terms terms;
  private final HoldPolicy policy;
  private final Uplink uplink;
  private final ShardContext context;
  private final Fingerprints fingerprints;
  private final InstantSource clock;
  private final CrawlTime running;

  /** Hosts whose state is troubled or held. */
  private final Set<HostQueue> unwell = new LinkedHashSet<>();

  private final PriorityQueue<Chance> chances =
      new PriorityQueue<>((one, other) -> Long.compare(one.atMillis(), other.atMillis()));
  private long tailSinceMillis = HoldPolicy.NO_TAIL;
  private int outages;

  /** When the current outage began, in running time; {@link #NO_OUTAGE} if there is none. */
  private long outageSinceMillis = NO_OUTAGE;

  Holds(ShardStore store, HostSchedule<HostQueue> schedule, Terms terms, ShardContext context) {
    this.store = store;
    this.schedule = schedule;
    this.terms = terms;
    this.policy = HoldPolicy.of(context.config());
    this.uplink = context.uplink();
    this.context = context;
    this.fingerprints = context.fingerprints();
    this.clock = context.clock();
    this.running = new CrawlTime(store.state().runningMillis(), context.nanoTime().getAsLong());
    this.outages = uplink.outages();
  }

  /** Restores the holds that were recovered: each host is probed when its pause is over. */
  void recover(long now) {
    for (HostQueue host : store.state().hosts()) {
      if (host.state() instanceof Held held) {
        unwell.add(host);
        leaveAlone(host, held, 0, now);
      } else if (host.state() instanceof GivenUp givenUp && givenUp.wanted()) {
        chances.add(new Chance(policy.nextChanceMillis(givenUp), host));
      }
    }
  }

  /** The crawl's running time in milliseconds. */
  long runningMillis() {
    return running.millis();
  }

  /** Performs all actions that are due. Call this at the beginning of each turn. */
  void turn(long now) throws IOException {
    boolean down = uplink.down();
    running.advance(now, down);
    store.state().runningMillis(running.millis());
    if (down && outageSinceMillis == NO_OUTAGE) {
      outageSinceMillis = beginOfOutage();
    }
    releaseAfterOutage(now);
    outageSinceMillis = down ? outageSinceMillis : NO_OUTAGE;
    lookForTail(now);
    for (Chance next = chances.peek();
        next != null && next.atMillis() <= running.millis();
        next = chances.peek()) {
      chances.remove();
      if (next.host().state() instanceof GivenUp givenUp) {
        change(next.host(), policy.lastChance(givenUp, running.millis()));
        schedule.update(next.host(), now);
      }
    }
  }

  /** The time until the next call of {@link #turn} is needed, in nanoseconds. */
  long untilNext() {
    Chance next = chances.peek();
    return next == null ? CrawlTime.LONGEST_STEP_NANOS : untilNanos(next.atMillis());
  }

  /**
   * The time until a moment in running time, in nanoseconds; at most the longest time between two
   * turns, which is also the result while running time stands still.
   */
  long untilNanos(long atMillis) {
    if (uplink.down()) {
      return CrawlTime.LONGEST_STEP_NANOS;
    }
    long millis = Math.max(0, atMillis - running.millis());
    return Math.min(CrawlTime.LONGEST_STEP_NANOS, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /**
   * When the current outage began, in running time, which stands still only once the outage is
   * noticed.
   */
  private long beginOfOutage() {
    return running.millis() - TimeUnit.NANOSECONDS.toMillis(uplink.noticedAfterNanos());
  }

  /**
   * Releases the hosts that failed during an outage of the crawl's own network: those failures no
   * longer count against their URLs.
   */
  private void releaseAfterOutage(long now) throws IOException {
    if (uplink.outages() == outages) {
      return;
    }
    outages = uplink.outages();
    // An outage that ended before this shard's turn is noticed only now.
    long since = outageSinceMillis == NO_OUTAGE ? beginOfOutage() : outageSinceMillis;
    Set<HostQueue> released = new HashSet<>();
    for (HostQueue host : List.copyOf(unwell)) {
      HostState state = host.state();
      if (state instanceof Held held && held.sinceMillis() < since) {
        continue;
      }
      change(host, state.released());
      if (state.kind() == Kind.HELD) {
        released.add(host);
      }
    }
    schedule.moveUp(released, host -> now + Math.max(delay(host).toNanos(), asked(host)), now);
  }

  /**
   * Once only held hosts are left, shortens the patience with them and brings their probes forward.
   */
  private void lookForTail(long now) throws IOException {
    if (!context.end().onlyHeldLeft()) {
      tailSinceMillis = HoldPolicy.NO_TAIL;
      return;
    }
    if (tailSinceMillis != HoldPolicy.NO_TAIL) {
      return;
    }
    tailSinceMillis = running.millis();
    Set<HostQueue> sooner = new HashSet<>();
    for (HostQueue host : unwell) {
      if (host.state() instanceof Held held && now + sooner(host, held) < host.scheduledNanos()) {
        sooner.add(host);
      }
    }
    schedule.moveUp(sooner, host -> now + sooner(host, (Held) host.state()), now);
  }

  private long sooner(HostQueue host, Held held) {
    return Math.max(pause(host, held, 0), asked(host));
  }

  /** The remaining pause that a host requested, in nanoseconds; it is never shortened. */
  private long asked(HostQueue host) {
    return store.state().resting().asked(host.name(), clock.instant()).toNanos();
  }

  /**
   * Returns the correction to the number of attempts counted for the host's next URL, and records
   * that it was made; 0 for none.
   */
  int correction(HostQueue host) throws IOException {
    HostState state = host.state();
    if (state.equals(HostState.Proven.STATE)
        || state.equals(HostState.First.STATE)
        || host.size() == 0) {
      return 0;
    }
    long[] first = new long[1];
    store
        .state()
        .queues()
        .visit(
            host,
            (_, url) -> {
              first[0] = fingerprints.of(url.unpack().href());
              return false;
            });
    int correction = state.correction(first[0]);
    if (correction != 0) {
      change(host, state.corrected(first[0]));
    }
    return correction;
  }

  /**
   * Records a visit's finding, and decides whether a failure counts against the URL or only the
   * host.
   */
  Ruling visited(LiveLease lease, Visit visit, long now) throws IOException {
    HostQueue host = lease.host();
    if (crawlHeld(host, visit)) {
      return visit.finding().troubled() ? Ruling.SPARED : Ruling.CHARGED;
    }
    releaseAfterOutage(now); // this visit may have ended the outage
    HostState before = host.state();
    long asked =
        visit.retryAfter() == null ? 0 : DelayPolicy.granted(visit.retryAfter()).toMillis();
    Sign sign =
        new Sign(
            visit.finding(),
            visit.reason() == null ? "" : visit.reason().word(),
            visit.finding().troubled() || !before.equals(HostState.Proven.STATE)
                ? fingerprints.of(lease.queued().href())
                : 0,
            lease.queued().reason() != null,
            lease.probe(),
            running.millis(),
            asked);
    Step step = before.after(sign);
    if (step.next().equals(before)) {
      return step.ruling();
    }
    change(host, step.next());
    if (step.next() instanceof Held held) {
      if (policy.spent(held, running.millis(), tailSinceMillis)) {
        giveUp(host, held);
      } else if (lease.probe() || before.kind() != Kind.HELD) {
        leaveAlone(host, held, asked, now);
      }
    }
    return step.ruling();
  }

  private boolean crawlHeld(HostQueue host, Visit visit) {
    HostState state = host.state();
    return uplink.heard(
        visit.finding(),
        visit.finding().unreached() || uplink.blaming() ? context.domainOf(host.name()) : 0,
        state.proven(),
        state.kind() != Kind.HELD);
  }

  private void leaveAlone(HostQueue host, Held held, long askedMillis, long now) {
    schedule.leaveAlone(host, now + pause(host, held, askedMillis));
    schedule.update(host, now);
  }

  /** The host's delay: from its settings, or from its robots.txt if that is longer. */
  private Duration delay(HostQueue host) {
    Duration configured = terms.of(host).delay();
    return configured.compareTo(host.crawlDelay()) >= 0 ? configured : host.crawlDelay();
  }

  private long pause(HostQueue host, Held held, long askedMillis) {
    Duration delay = delay(host);
    return TimeUnit.MILLISECONDS.toNanos(
        policy.pauseMillis(
            held, host.name(), delay, askedMillis, running.millis(), tailSinceMillis));
  }

  private void giveUp(HostQueue host, Held held) throws IOException {
    long urls = host.size() + host.inHand();
    GivenUp state = held.giveUp(running.millis());
    unwell.remove(host);
    store.commit(new HostGivenUp(host.id(), state, urls, clock.instant()));
    schedule.stateChanged(host);
  }

  /**
   * Must be called when a URL was queued at a host: if the host was given up, it may be probed
   * again later.
   */
  void queued(HostQueue host) throws IOException {
    if (host.state() instanceof GivenUp givenUp && !givenUp.wanted()) {
      change(host, givenUp.want());
      chances.add(new Chance(policy.nextChanceMillis(givenUp), host));
    }
  }

  /** Takes back the given-up hosts that the filter matches; each gets its full patience again. */
  TakenBack retry(RetryFilter filter, long now) throws IOException {
    TakenBack taken = TakenBack.NONE;
    for (HostQueue host : store.state().hosts()) {
      if (host.state() instanceof GivenUp givenUp
          && filter.matches(host.name(), givenUp.reason())) {
        change(host, givenUp.takenBack());
        schedule.update(host, now);
        taken = taken.plus(new TakenBack(1, host.size()));
      }
    }
    return taken;
  }

  private void change(HostQueue host, HostState next) throws IOException {
    if (next.kind() == Kind.TROUBLED || next.kind() == Kind.HELD) {
      unwell.add(host);
    } else {
      unwell.remove(host);
    }
    if (!next.durable().equals(host.state().durable())) {
      store.commit(new HostChanged(host.id(), next.durable(), running.millis()));
    }
    store.state().change(host, next);
    schedule.stateChanged(host);
  }

  /** A summary of the holds; its cost is linear in the number of hosts in trouble. */
  HeldHosts summary(long now) {
    Map<String, Integer> byReason = new TreeMap<>();
    long nextProbe = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    @Nullable Patience patience = null;
    HeldHosts.@Nullable Host fullest = null;
    for (HostQueue host : unwell) {
      if (host.state() instanceof Held held) {
        if (fullest == null || host.size() > fullest.urls()) {
          Duration since = Duration.ofMillis(Math.max(0, running.millis() - held.sinceMillis()));
          fullest = new HeldHosts.Host(host.name(), held.reason(), since, host.size());
        }
        byReason.merge(held.reason(), 1, Integer::sum);
        nextProbe = Math.min(nextProbe, Math.max(0, host.scheduledNanos() - now));
        long itsEnd = policy.endMillis(held, tailSinceMillis);
        if (tailSinceMillis != HoldPolicy.NO_TAIL && itsEnd > end) {
          end = itsEnd;
          Duration left = Duration.ofMillis(Math.max(0, end - running.millis()));
          patience = new Patience(left, policy.key(held, tailSinceMillis));
        }
      }
    }
    @Nullable Duration next = byReason.isEmpty() ? null : Duration.ofNanos(nextProbe);
    return new HeldHosts(byReason, next, patience, fullest);
  }
}
