package io.sluice.frontier.shard;

import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Validators;
import io.sluice.core.lease.Visit;
import io.sluice.core.lease.VisitKind;
import io.sluice.core.url.Url;
import io.sluice.frontier.credit.Credit;
import io.sluice.frontier.hold.FirstVisit;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.hold.Uplink;
import io.sluice.frontier.politeness.DelayPolicy;
import io.sluice.frontier.politeness.HostClock;
import io.sluice.frontier.politeness.HostSchedule;
import io.sluice.frontier.politeness.Terms;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.queue.Revisit;
import io.sluice.frontier.scope.Refusal;
import io.sluice.frontier.scope.Scope;
import io.sluice.frontier.state.Event.Asked;
import io.sluice.frontier.state.Event.CrawlDelayChanged;
import io.sluice.frontier.state.Event.Leased;
import io.sluice.frontier.state.Event.LeftAlone;
import io.sluice.frontier.state.Event.Reserved;
import io.sluice.frontier.state.OpenLease;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Issues leases on the URLs of hosts that are due, if there is credit. Confined to its shard's
 * thread.
 */
final class Issuer {

  /** Receives a leased URL that the current settings refuse, to set it aside. */
  interface RefusedUrls {
    void refused(LiveLease lease, Reason reason) throws IOException;
  }

  /**
   * Maximum number of URLs taken from queues in one turn, so that messages are not kept waiting.
   */
  private static final int TAKEN_A_TURN = 1024;

  private static final Set<VisitKind> PROVEN = EnumSet.of(VisitKind.PROVEN);

  /** Lease numbers are reserved durably in blocks of this size. */
  private static final long RESERVED_BLOCK = 1 << 16;

  /** Maximum time that a guest waits for a host that is to be left alone. */
  private static final long LONGEST_WAIT_NANOS = TimeUnit.HOURS.toNanos(1);

  private final int shard;
  private final ShardStore store;
  private final Credit credit;
  private final Uplink uplink;
  private final Scope scope;
  private final Terms terms;
  private final DelayPolicy delays;
  private final FirstVisit firstVisit;
  private final HostSchedule<HostQueue> schedule;
  private final Holds holds;
  private final LiveLeases leases = new LiveLeases();
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final PageSize pageSize = new PageSize();
  private List<Lease> issued = new ArrayList<>();
  private long nextSequence;
  private long leased;
  private long issues;
  private boolean reservedNow;
  private boolean moreToTake;

  /** The kinds of visits that had credit at the last request. */
  private final Set<VisitKind> withCredit = EnumSet.allOf(VisitKind.class);

  private boolean uplinkLacking;

  Issuer(int shard, ShardStore store, Scope scope, ShardContext context) {
    this.shard = shard;
    this.store = store;
    this.credit = context.credit();
    this.uplink = context.uplink();
    this.scope = scope;
    this.terms = new Terms(context.config(), context::domainOf, context.governor());
    this.delays = DelayPolicy.of(context.config().politeness());
    this.firstVisit = new FirstVisit(context.config().fetcher().timeouts().firstVisit());
    this.schedule = new HostSchedule<>(terms, shard);
    this.holds = new Holds(store, schedule, terms, context);
    this.clock = context.clock();
    this.nanoTime = context.nanoTime();
    this.nextSequence = store.state().reservedUpTo() + 1;
  }

  /** The states of the hosts. */
  Holds holds() {
    return holds;
  }

  /** The leases that are out. */
  LiveLeases leases() {
    return leases;
  }

  /**
   * Restores the schedule: each host waits for one delay, or for the rest of a longer pause that
   * was journaled.
   */
  void recover(long now) {
    if (store.state().reservedUpTo() > 0) { // if 0, this is the first start
      schedule.recovered(now);
    }
    for (HostQueue host : store.state().hosts()) {
      if (host.isBucket()) {
        continue;
      }
      Duration delay = terms.of(host).delay();
      Duration pause = delays.pause(delay, host.crawlDelay(), 0, Visit.UNREQUESTED);
      schedule.recover(host, pause.toNanos(), now);
    }
    for (LeftAlone resting : store.state().resting().all()) {
      long untilNanos = now + resting.rest(instantOf(now)).toNanos();
      HostQueue host = store.state().host(resting.host());
      if (host == null) {
        schedule.guests().leaveAlone(resting.host(), untilNanos, now);
      } else {
        schedule.leaveAlone(host, untilNanos);
      }
    }
    holds.recover(now);
    for (OpenLease lease : store.state().leases()) {
      leases.add(lease).move(LeaseStage.OUTSTANDING, 0, now);
    }
  }

  /** The time of day that corresponds to a monotonic time of this turn. */
  Instant instantOf(long nowNanos) {
    return clock.instant().minusNanos(nanoTime.getAsLong() - nowNanos);
  }

  /** Reschedules a host that may have got work, or whose lease has ended. */
  void update(HostQueue host, long now) {
    schedule.update(host, now);
  }

  /** Issues as many leases as possible; {@link #takeIssued} returns them. */
  void issue(long now, RefusedUrls refusals) throws IOException {
    moreToTake = false;
    withCredit.addAll(EnumSet.allOf(VisitKind.class));
    uplinkLacking = false;
    int taken = 0;
    boolean down = uplink.down();
    for (HostQueue host = due(now); host != null; host = due(now)) {
      if (taken++ == TAKEN_A_TURN) {
        moreToTake = true;
        return;
      }
      if (down && uplink.untilProbe() > 0) {
        uplinkLacking = true;
        return;
      }
      if (budgetInUse(host)) {
        schedule.putAside(host, now); // it is rescheduled when one of its leases ends
      } else if (credit.take(shard, host.state().visitKind(), pageSize.estimate(), now)) {
        boolean probe = (down && uplink.takeProbe()) || host.state().kind() == Kind.HELD;
        schedule.take(host);
        issue(host, probe, now, refusals);
      } else {
        withCredit.remove(host.state().visitKind());
      }
    }
  }

  /**
   * The next due host; null if there is none. Proven hosts go first, since the places reserved for
   * them are no more than they need.
   */
  private @Nullable HostQueue due(long now) {
    HostQueue proven =
        credit.sharesOut() && withCredit.contains(VisitKind.PROVEN)
            ? schedule.due(now, PROVEN)
            : null;
    return proven == null ? schedule.due(now, withCredit) : proven;
  }

  /** Whether the leases that are out may use up the host's remaining page budget. */
  private boolean budgetInUse(HostQueue host) {
    return !spent(host, host.pages()) && spent(host, host.pages() + host.leases());
  }

  private boolean spent(HostQueue host, long pages) {
    long most = terms.of(host).maxPages();
    return most > 0 && pages >= most;
  }

  private void issue(HostQueue host, boolean probe, long now, RefusedUrls refusals)
      throws IOException {
    VisitKind kind = host.state().visitKind();
    @Nullable Duration firstByte =
        firstVisit.firstByte(
            host.state(), schedule.waiting(VisitKind.FIRST), credit.placesOfAShard(shard));
    LiveLease lease = lease(host, probe);
    lease.kind(kind);
    lease.move(LeaseStage.VISITING, pageSize.estimate(), now);
    leased++;
    issues++;
    store.state().tally().inHand(host, 1);
    schedule.begin(host, id(lease), now);
    schedule.update(host, now);
    QueuedUrl queued = lease.queued();
    Url url = Url.parse(queued.href());
    if (url == null) {
      refusals.refused(lease, Reason.INVALID_URL);
      return;
    }
    Reason refusal = refusal(host, url, queued);
    if (refusal != null) {
      refusals.refused(lease, refusal);
      return;
    }
    Revisit revisit = queued.revisit();
    issued.add(
        new Lease(
            id(lease),
            url,
            queued.depth(),
            queued.via(),
            queued.redirects(),
            queued.labels(),
            queued.attempts() + 1,
            revisit == null ? Validators.NONE : revisit.validators(),
            new Lease.Terms(probe, kind, firstByte)));
  }

  /**
   * Why the current settings refuse a queued URL; null if they accept it. They may have been edited
   * since it was queued, or its host's budget may be used up. A page to be visited again was
   * charged to the budget at its first visit.
   */
  private @Nullable Reason refusal(HostQueue host, Url url, QueuedUrl queued) {
    Refusal refusal = scope.decide(url, queued.depth(), queued.via());
    if (refusal == null && queued.revisit() == null && spent(host, host.pages())) {
      refusal = Refusal.HOST_BUDGET;
    }
    return refusal == null ? null : refusal.reason();
  }

  private LeaseId id(LiveLease lease) {
    return new LeaseId(shard, lease.sequence());
  }

  private LiveLease lease(HostQueue host, boolean probe) throws IOException {
    long sequence = nextSequence++;
    if (sequence > store.state().reservedUpTo()) {
      store.commit(new Reserved(sequence + RESERVED_BLOCK - 1));
      reservedNow = true;
    }
    boolean setAside = host.size() == 0;
    int correction = holds.correction(host);
    store.commit(new Leased(sequence, host.id(), setAside, correction));
    OpenLease lease = store.state().lease(sequence);
    if (lease == null) {
      throw new IllegalStateException("lease " + sequence + " was committed but is not out");
    }
    LiveLease live = leases.add(lease);
    live.probe(probe);
    return live;
  }

  /** Whether the issued leases must be durable before they are handed out. */
  boolean syncFirst() {
    return reservedNow;
  }

  /** The leases issued since the last call. */
  List<Lease> takeIssued() {
    reservedNow = false;
    List<Lease> taken = issued;
    issued = taken.isEmpty() ? taken : new ArrayList<>();
    return taken;
  }

  /**
   * Ends a visit, after which the host's delay begins. Decides whether a failure counts against the
   * URL or only the host.
   */
  Ruling visited(LiveLease lease, Visit visit, long now) throws IOException {
    HostQueue host = lease.host();
    if (visit.crawlDelay() != null) {
      Duration granted = DelayPolicy.granted(visit.crawlDelay());
      if (granted.toMillis() != host.crawlDelay().toMillis()) {
        store.commit(new CrawlDelayChanged(host.id(), granted));
      }
    }
    if (visit.requested()) {
      lease.asked(instantOf(now), TimeUnit.NANOSECONDS.toMillis(now - lease.sinceNanos()));
    }
    lease.move(LeaseStage.VISITED, lease.bytes(), now);
    credit.visited(lease.kind());
    Ruling ruling = holds.visited(lease, visit, now);
    if (visit.waits() != null) {
      schedule.leaveAlone(host, now + DelayPolicy.granted(visit.waits()).toNanos());
    }
    Duration pause = pause(host, visit);
    journalPause(host.name(), pause, plainPause(host), visit, now);
    schedule.end(host, id(lease), visit.requested() ? pause.toNanos() : -1, now);
    return ruling;
  }

  /** How long a host is left alone after a visit that sent it a request. */
  private Duration pause(HostQueue host, Visit visit) {
    Duration delay = terms.of(host).delay();
    return delays.pause(delay, host.crawlDelay(), host.state().troubles(), visit);
  }

  /** How long a host is left alone after a restart. */
  private Duration plainPause(HostQueue host) {
    return delays.pause(terms.of(host).delay(), host.crawlDelay(), 0, Visit.UNREQUESTED);
  }

  /** Journals a pause that a restart would cut short. */
  private void journalPause(String host, Duration pause, Duration plain, Visit visit, long now)
      throws IOException {
    if (!visit.requested() || pause.compareTo(plain) <= 0) {
      return;
    }
    Reason reason =
        visit.retryAfter() != null && visit.retryAfter().isPositive()
            ? Reason.RETRY_AFTER // even if our own back-off is longer
            : visit.finding().troubled() ? Reason.BACK_OFF : Reason.SLOW;
    Instant at = instantOf(now);
    store.commit(new LeftAlone(host, at, at.plus(pause), reason.word()));
  }

  /** Answers a lease's request to visit, now, a host of this shard that is not its own. */
  HostDesk.Answer guest(LeaseId lease, String name, long now) {
    HostQueue host = store.state().host(name);
    if (host != null
        && (host.state().kind() == Kind.HELD || host.state().kind() == Kind.GIVEN_UP)) {
      return new HostDesk.Answer.Unwell();
    }
    OpenLease own = lease.shard() == shard ? store.state().lease(lease.sequence()) : null;
    long wait = schedule.guests().begin(lease, name, host, own == null ? null : own.host(), now);
    if (wait == 0) {
      return new HostDesk.Answer.Granted();
    }
    return wait > LONGEST_WAIT_NANOS
        ? new HostDesk.Answer.Unwell()
        : new HostDesk.Answer.Later(Duration.ofNanos(wait));
  }

  /** Ends a guest's visit, and begins the host's delay. */
  void guestGone(LeaseId lease, Visit visit, long now) throws IOException {
    HostClock clockOf = schedule.guests().visitedBy(lease);
    if (clockOf == null) {
      return; // it has already ended
    }
    HostQueue host = clockOf instanceof HostQueue queue ? queue : null;
    Duration plain = host == null ? terms.of(clockOf).delay() : plainPause(host);
    Duration pause =
        host == null ? delays.pause(plain, Duration.ZERO, 0, visit) : pause(host, visit);
    long millis = schedule.guests().end(lease, visit.requested() ? pause.toNanos() : -1, now);
    if (visit.requested()) {
      journalPause(clockOf.name(), pause, plain, visit, now);
      store.commit(new Asked(clockOf.name(), instantOf(now), millis));
    }
    if (host != null) {
      schedule.guestEnded(host, now);
    }
  }

  /**
   * Records that a page is in Redis and occupies {@code pageBytes} bytes, and reserves credit for
   * its outcome.
   */
  void handed(LiveLease lease, long pageBytes, long now) {
    noLongerInHand(lease);
    long held = PageSize.withOutcome(pageBytes);
    pageSize.observe(held);
    credit.handed(lease.bytes(), held);
    lease.move(LeaseStage.OUTSTANDING, held, now);
  }

  /** Records that a lease ends whose page has not reached Redis. */
  void notHanded(LiveLease lease) {
    noLongerInHand(lease);
    credit.notHanded();
  }

  private void noLongerInHand(LiveLease lease) {
    leased--;
    store.state().tally().inHand(lease.host(), -1);
  }

  /** Releases the reserved lease numbers that were not used; no lease is issued after this. */
  void giveUpReserved() throws IOException {
    store.commit(new Reserved(nextSequence - 1));
  }

  /** Number of leases whose page is not in Redis. */
  long leased() {
    return leased;
  }

  /** Number of leases issued in this run. */
  long issues() {
    return issues;
  }

  /** The time until a lease may become possible without a message, in nanoseconds. */
  long untilNext(long now) {
    if (moreToTake) {
      return 0;
    }
    // Credit is not polled: a message arrives when there may be some.
    long untilHost = schedule.untilNext(now, withCredit);
    return uplinkLacking ? Math.max(untilHost, uplink.untilProbe()) : untilHost;
  }
}
