package io.sluice.frontier.shard;

import io.sluice.core.config.FrontierSettings;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.LeaseTaker;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Settlement.Done;
import io.sluice.core.lease.Settlement.GiveBack;
import io.sluice.core.lease.Settlement.Retry;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import io.sluice.core.lifecycle.LeaseSums;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.scope.PrefixRule;
import io.sluice.frontier.scope.Scope;
import io.sluice.frontier.shard.Event.Queued;
import io.sluice.frontier.shard.OpenLease.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One shard at work: it takes messages, issues leases and journals what happens, a {@linkplain
 * #turn turn} at a time. Confined to its shard's thread, {@link #snapshot} excepted.
 */
final class Shard implements AutoCloseable {

  private final int number;
  private final ShardStore store;
  private final Surroundings around;
  private final Admission admission;
  private final Issuer issuer;
  private final Recrawler recrawler;
  private final SyncClock syncClock;
  private final long checkpointNanos;
  private final long leaseTimeoutNanos;
  private List<AfterSync> afterSync = new ArrayList<>();
  private @Nullable LeaseTaker taker;
  private @Nullable CompletableFuture<Void> closing;
  private boolean closed;
  private long leasesBefore;
  private long done;
  private long retried;
  private long givenBack;
  private long now;
  private long nextCheckpointNanos;
  private volatile ShardSnapshot snapshot;

  /** Takes ownership of {@code store}. */
  Shard(int number, ShardStore store, Surroundings around) {
    this.number = number;
    this.store = store;
    this.around = around;
    Scope scope = new Scope(around.config());
    around.config().crawl().seeds().forEach(seed -> scope.admit(seed.url()));
    PrefixRule prefixes =
        new PrefixRule(
            around.config().scope().prefixBudget(),
            around.fingerprints(),
            store.state().prefixes());
    this.admission = new Admission(store, scope, prefixes, around.fingerprints(), around.clock());
    this.issuer = new Issuer(number, store, scope, around);
    this.recrawler = new Recrawler(store, around.config().recrawl(), around.clock());
    FrontierSettings settings = around.config().frontier();
    this.checkpointNanos = settings.checkpointInterval().toNanos();
    this.leaseTimeoutNanos = settings.leaseTimeout().toNanos();
    this.now = around.nanoTime().getAsLong();
    this.nextCheckpointNanos = now + checkpointNanos;
    this.syncClock = new SyncClock(settings.syncInterval().toNanos(), now);
    this.snapshot = takeSnapshot();
    recover();
  }

  private void recover() {
    issuer.recover(now);
    ShardState state = store.state();
    int out = state.leaseCount();
    leasesBefore = out;
    around.credit().recover(number, out, state.ended(Ending.PAGE));
    around.end().add(state.queued() + out + recrawler.planned());
    snapshot = takeSnapshot();
  }

  /** The leases that were out at the start, or are now. */
  List<LeaseId> leasesOut() {
    return store.state().leases().stream().map(this::id).toList();
  }

  /**
   * Does all there is to do: handles the messages, in order, and whatever the time has come for.
   */
  void turn(List<Message> messages) throws IOException {
    now = around.nanoTime().getAsLong();
    admission.prepare(messages);
    for (Message message : messages) {
      handle(message);
    }
    if (taker != null) {
      recrawler.wake(now, issuer);
      issuer.issue(now, this::refuse);
    }
    store.write();
    if (issuer.syncFirst() || syncIsDue()) {
      sync();
    }
    handOut();
    if (closing == null) {
      checkpointIfDue();
    }
    around.end().check();
    around.credit().wakeWaiting();
    if (closing != null) {
      closeCleanly(closing);
    }
    snapshot = takeSnapshot();
  }

  /** From now until the next turn is needed even without a message, in nanoseconds. */
  long untilNextTurn() {
    long time = around.nanoTime().getAsLong();
    long until = Math.min(syncClock.untilDue(time), nextCheckpointNanos - time);
    until = Math.min(until, around.end().untilTimeIsUp());
    if (taker != null) {
      until = Math.min(until, Math.min(issuer.untilNext(time), recrawler.untilNext()));
    }
    return Math.max(0, until);
  }

  private void handle(Message message) throws IOException {
    switch (message) {
      case Message.Offered(var offers, var counts) -> offered(offers, counts);
      case Message.Start(var leaseTaker) -> taker = leaseTaker;
      case Message.Wake() -> {} // the turn looks for credit anyway
      case Message.Visited(long sequence, Visit visit) -> visited(sequence, visit);
      case Message.Outstanding(long sequence, long bytes) -> outstanding(sequence, bytes);
      case Message.Settle settle -> settle(settle);
      case Message.FindOverdue(var overdue) -> overdue.complete(overdue());
      case Message.Close(var done) -> closing = done;
    }
  }

  private void offered(List<Offer> offers, CompletableFuture<OfferCounts> to) throws IOException {
    OfferCounts before = admission.counts();
    queue(admission.judge(offers));
    OfferCounts counts = admission.counts().minus(before);
    afterSync(new AfterSync.OffersTaken(around.end(), counts, to));
  }

  private void queue(List<Queued> accepted) throws IOException {
    for (Queued queued : accepted) {
      commit(queued);
    }
    enliven(accepted);
  }

  /** What was queued just now counts as alive and may be leased. */
  private void enliven(List<Queued> accepted) {
    around.end().add(accepted.size());
    for (Queued queued : accepted) {
      HostQueue host = store.state().host(queued.host());
      issuer.update(host, now);
    }
  }

  private void visited(long sequence, Visit visit) throws IOException {
    OpenLease lease = store.state().lease(sequence);
    if (lease != null && lease.place() == Place.VISITING) {
      issuer.visited(lease, visit, now);
    }
  }

  private void outstanding(long sequence, long bytes) throws IOException {
    OpenLease lease = store.state().lease(sequence);
    if (lease != null && lease.place() == Place.VISITED) {
      issuer.handed(lease, bytes, now);
    }
  }

  private void settle(Message.Settle message) throws IOException {
    List<Queued> accepted = admission.judge(message.offers());
    OpenLease lease = store.state().lease(message.sequence());
    if (lease == null) {
      // Settled before, or never issued: only its links count.
      queue(accepted);
      afterSync(new AfterSync.Ignored(message.synced()));
      return;
    }
    leavePlace(lease);
    boolean page = false;
    boolean over = false;
    switch (message.settlement()) {
      case Done ended -> {
        Event.Plan plan = recrawler.plan(lease, ended);
        commit(new Event.Done(lease.sequence(), ended.end(), accepted, plan));
        enliven(accepted);
        page = ended.end().ending() == Ending.PAGE;
        over = plan == null;
        done++;
      }
      case Retry(var after, var _) -> {
        commit(new Event.Retried(lease.sequence(), after));
        issuer.retryAt(lease.sequence(), now + after.toNanos());
        retried++;
      }
      case GiveBack() -> {
        commit(new Event.GivenBack(lease.sequence()));
        givenBack++;
      }
    }
    issuer.update(lease.host(), now);
    afterSync(
        new AfterSync.LeaseSettled(around, number, lease.bytes(), page, over, message.synced()));
  }

  /** A queued URL that edited settings, or its host's budget, refuse now. */
  private void refuse(OpenLease lease, String reason) throws IOException {
    issuer.visited(lease, Visit.UNREQUESTED, now);
    UrlEnd end = new UrlEnd(Ending.REFUSED, reason, 0, null, around.clock().instant(), 0, 0);
    settle(
        new Message.Settle(
            lease.sequence(), new Done(end, List.of()), List.of(), new CompletableFuture<>()));
  }

  private void leavePlace(OpenLease lease) throws IOException {
    if (lease.place() == Place.VISITING) {
      issuer.visited(lease, new Visit(null, null, true), now);
    }
    if (lease.place() == Place.VISITED) {
      issuer.notHanded();
    }
  }

  private List<LeaseId> overdue() {
    return store.state().leases().stream()
        .filter(lease -> lease.place() == Place.OUTSTANDING)
        .filter(lease -> now - lease.sinceNanos() >= leaseTimeoutNanos)
        .map(this::id)
        .toList();
  }

  private LeaseId id(OpenLease lease) {
    return new LeaseId(number, lease.sequence());
  }

  private void handOut() {
    if (taker != null) {
      for (Lease lease : issuer.takeIssued()) {
        taker.take(lease);
      }
    }
  }

  private void commit(Event event) throws IOException {
    store.commit(event);
  }

  private void afterSync(AfterSync action) {
    afterSync.add(action);
  }

  /** Whether the time for a sync has come; those who need none are answered at once. */
  private boolean syncIsDue() {
    if (!store.unsynced()) {
      answer();
      return false;
    }
    syncClock.unsynced(now);
    if (!afterSync.isEmpty()) {
      syncClock.await();
    }
    return syncClock.untilDue(now) == 0;
  }

  private void sync() throws IOException {
    long began = around.nanoTime().getAsLong();
    store.sync();
    long ended = around.nanoTime().getAsLong();
    around.syncTimer().record(ended - began, TimeUnit.NANOSECONDS);
    syncClock.synced(began, ended);
    snapshot = takeSnapshot(); // who is answered may ask for it
    answer();
  }

  private void answer() {
    List<AfterSync> actions = afterSync;
    afterSync = new ArrayList<>();
    actions.forEach(AfterSync::synced);
  }

  private void checkpointIfDue() throws IOException {
    boolean due = now - nextCheckpointNanos >= 0;
    if (store.tidy() || (due && store.worthCheckpoint())) {
      checkpoint();
    }
    if (due) {
      nextCheckpointNanos = now + checkpointNanos;
    }
  }

  private void checkpoint() throws IOException {
    sync();
    store.checkpoint();
  }

  private void closeCleanly(CompletableFuture<Void> done) throws IOException {
    issuer.giveUpReserved();
    checkpoint();
    close();
    done.complete(null);
  }

  /** Whether the shard was closed; then it takes no turn any more. */
  boolean closed() {
    return closed;
  }

  /** Fails whoever waits for a sync: after a failure nothing more is known to be durable. */
  void fail(Throwable failure) {
    afterSync.forEach(action -> action.failed(failure));
    afterSync.clear();
    if (closing != null) {
      closing.completeExceptionally(failure);
    }
  }

  /** Closes the files as they are. */
  @Override
  public void close() throws IOException {
    closed = true;
    store.close();
  }

  /** The shard at the end of its last turn. Thread-safe. */
  ShardSnapshot snapshot() {
    return snapshot;
  }

  private ShardSnapshot takeSnapshot() {
    ShardState state = store.state();
    long leased = issuer.leased();
    return new ShardSnapshot(
        state.queued(),
        leased,
        state.leaseCount() - leased,
        state.calendar().size(),
        state.seen().size(),
        state.hosts().size() - state.calendar().buckets(),
        state.ended(),
        state.bytes(),
        admission.counts(),
        admission.refused(),
        leaseSums(),
        state.footprint());
  }

  private LeaseSums leaseSums() {
    long leases = leasesBefore + issuer.issues();
    int out = store.state().leaseCount();
    return new LeaseSums(leases, done, retried, givenBack, out, List.of(), 0);
  }
}
