package io.sluice.frontier.shard;

import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Validators;
import io.sluice.core.lease.Visit;
import io.sluice.core.url.Url;
import io.sluice.frontier.politeness.DelayPolicy;
import io.sluice.frontier.politeness.HostSchedule;
import io.sluice.frontier.politeness.Terms;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.queue.Revisit;
import io.sluice.frontier.recrawl.Calendar;
import io.sluice.frontier.scope.Refusal;
import io.sluice.frontier.scope.Scope;
import io.sluice.frontier.shard.Event.CrawlDelayChanged;
import io.sluice.frontier.shard.Event.Leased;
import io.sluice.frontier.shard.Event.Reserved;
import io.sluice.frontier.shard.OpenLease.Place;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Issues leases: on the URL whose host's time has come, if there is credit. Confined to its shard's
 * thread.
 */
final class Issuer {

  /** Is told of a URL that is leased but out of scope now: its lease must end as refused. */
  interface RefusedUrls {
    void refused(OpenLease lease, String reason) throws IOException;
  }

  /** URLs taken from queues in one turn at most, so that messages are not kept waiting. */
  private static final int TAKEN_A_TURN = 1024;

  /** Lease numbers are reserved, durably, in blocks of so many. */
  private static final long RESERVED_BLOCK = 1 << 16;

  private final int shard;
  private final ShardStore store;
  private final Credit credit;
  private final Scope scope;
  private final Terms terms;
  private final DelayPolicy delays;
  private final HostSchedule<HostQueue> schedule;
  private final RetryTimers timers = new RetryTimers();
  private final PageSize pageSize = new PageSize();
  private List<Lease> issued = new ArrayList<>();
  private long nextSequence;
  private long leased;
  private long issues;
  private boolean reservedNow;
  private boolean moreToTake;
  private boolean creditLacking;

  Issuer(int shard, ShardStore store, Scope scope, Surroundings around) {
    this.shard = shard;
    this.store = store;
    this.credit = around.credit();
    this.scope = scope;
    this.terms = new Terms(around.config(), around::domainOf, around.governor());
    this.delays = DelayPolicy.of(around.config().politeness());
    this.schedule = new HostSchedule<>(terms, shard);
    this.nextSequence = store.state().reservedUpTo() + 1;
  }

  /** Takes up what was recovered: each host waits for one delay, each retry for its whole time. */
  void recover(long now) {
    for (HostQueue host : store.state().hosts()) {
      if (Calendar.isBucket(host)) {
        continue;
      }
      Duration delay = terms.of(host).delay();
      Duration pause = delays.pause(delay, host.crawlDelay(), 0, Visit.UNREQUESTED);
      schedule.recover(host, pause.toNanos(), now);
    }
    for (WaitingRetry retry : store.state().retries()) {
      retryAt(retry.sequence(), now + retry.after().toNanos());
    }
    for (OpenLease lease : store.state().leases()) {
      lease.move(Place.OUTSTANDING, 0, now);
    }
  }

  /** A host may have got work, or one of its leases ended. */
  void update(HostQueue host, long now) {
    schedule.update(host, now);
  }

  /** The retry known by that lease may be leased from then on. */
  void retryAt(long sequence, long dueNanos) {
    timers.set(sequence, dueNanos);
  }

  /** Issues what may be issued; {@link #takeIssued} has it. */
  void issue(long now, RefusedUrls refusals) throws IOException {
    wakeRetries(now);
    moreToTake = false;
    creditLacking = false;
    int taken = 0;
    for (HostQueue host = schedule.due(now); host != null; host = schedule.due(now)) {
      if (taken++ == TAKEN_A_TURN) {
        moreToTake = true;
        return;
      }
      if (budgetInUse(host)) {
        schedule.putAside(now); // the end of one of its leases brings it back
      } else if (credit.take(shard, pageSize.estimate())) {
        issue(schedule.take(), now, refusals);
      } else {
        creditLacking = true;
        return;
      }
    }
  }

  private void wakeRetries(long now) {
    for (long due = timers.pollDue(now); due != 0; due = timers.pollDue(now)) {
      WaitingRetry retry = store.state().retry(due);
      if (retry != null) {
        retry.host().addDueRetry(due);
        schedule.update(retry.host(), now);
      }
    }
  }

  /** Whether the leases that are out may use up the pages that the host has left. */
  private boolean budgetInUse(HostQueue host) {
    return !spent(host, host.pages()) && spent(host, host.pages() + host.leases());
  }

  private boolean spent(HostQueue host, long pages) {
    long most = terms.of(host).maxPages();
    return most > 0 && pages >= most;
  }

  private void issue(HostQueue host, long now, RefusedUrls refusals) throws IOException {
    OpenLease lease = lease(host);
    lease.move(Place.VISITING, pageSize.estimate(), now);
    leased++;
    issues++;
    schedule.begin(host, id(lease), now);
    schedule.update(host, now);
    QueuedUrl queued = lease.queued();
    Url url = Url.parse(queued.href());
    if (url == null) {
      refusals.refused(lease, "invalid-url");
      return;
    }
    // The settings may have been edited since the URL was queued, and its host's budget been spent.
    // A page that is visited again has had its place in the budget.
    long pages = queued.revisit() == null ? host.pages() : 0;
    Refusal refusal = scope.decide(url, queued.depth(), pages);
    if (refusal != null) {
      refusals.refused(lease, refusal.word());
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
            revisit == null ? Validators.NONE : revisit.validators()));
  }

  private LeaseId id(OpenLease lease) {
    return new LeaseId(shard, lease.sequence());
  }

  private OpenLease lease(HostQueue host) throws IOException {
    long sequence = nextSequence++;
    if (sequence > store.state().reservedUpTo()) {
      store.commit(new Reserved(sequence + RESERVED_BLOCK - 1));
      reservedNow = true;
    }
    store.commit(new Leased(sequence, host.id(), host.pollDueRetry()));
    OpenLease lease = store.state().lease(sequence);
    if (lease == null) {
      throw new IllegalStateException("lease " + sequence + " was committed and is not out");
    }
    return lease;
  }

  /** Whether what was issued must be durable before it is handed out. */
  boolean syncFirst() {
    return reservedNow;
  }

  /** What was issued since the last call. */
  List<Lease> takeIssued() {
    reservedNow = false;
    List<Lease> taken = issued;
    issued = taken.isEmpty() ? taken : new ArrayList<>();
    return taken;
  }

  /** A visit is over; the host's delay begins. */
  void visited(OpenLease lease, Visit visit, long now) throws IOException {
    HostQueue host = lease.host();
    if (visit.crawlDelay() != null) {
      Duration granted = DelayPolicy.granted(visit.crawlDelay());
      if (granted.toMillis() != host.crawlDelay().toMillis()) {
        store.commit(new CrawlDelayChanged(host.id(), granted));
      }
    }
    lease.move(Place.VISITED, lease.bytes(), now);
    credit.visited();
    schedule.end(host, id(lease), pauseNanos(host, visit), now);
  }

  /** How long a visit's host is left alone; negative if nothing was asked of it. */
  private long pauseNanos(HostQueue host, Visit visit) {
    if (!visit.requested()) {
      return -1;
    }
    int troubles = host.troubles(visit.troubled());
    return delays.pause(terms.of(host).delay(), host.crawlDelay(), troubles, visit).toNanos();
  }

  /** A page is in Redis and occupies so many bytes there; room for its outcome is kept. */
  void handed(OpenLease lease, long pageBytes, long now) {
    leased--;
    long held = PageSize.withOutcome(pageBytes);
    pageSize.observe(held);
    credit.handed(lease.bytes(), held);
    lease.move(Place.OUTSTANDING, held, now);
  }

  /** A lease ends before its page came to Redis. */
  void notHanded() {
    leased--;
    credit.notHanded();
  }

  /** Unreserves the lease numbers that were not used; no lease is issued after this. */
  void giveUpReserved() throws IOException {
    store.commit(new Reserved(nextSequence - 1));
  }

  /** Leases whose page is not in Redis. */
  long leased() {
    return leased;
  }

  /** Leases of this run. */
  long issues() {
    return issues;
  }

  /** From now until there may be something to issue without a message, in nanoseconds. */
  long untilNext(long now) {
    if (moreToTake) {
      return 0;
    }
    // Credit is not polled for: a message says that there may be some.
    long untilHost = creditLacking ? Long.MAX_VALUE : schedule.untilNext(now);
    return Math.min(timers.untilNext(now), untilHost);
  }
}
