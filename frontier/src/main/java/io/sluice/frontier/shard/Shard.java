package io.sluice.frontier.shard;

import io.sluice.core.config.FrontierSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.LeaseTaker;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Settlement.Done;
import io.sluice.core.lease.Settlement.GiveBack;
import io.sluice.core.lease.Settlement.HopBack;
import io.sluice.core.lease.Settlement.Postpone;
import io.sluice.core.lease.Settlement.Retry;
import io.sluice.core.lease.Settlement.SetAside;
import io.sluice.core.lease.Settlement.Struck;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import io.sluice.core.lifecycle.LeaseSums;
import io.sluice.frontier.FrontierStats;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.Hosts;
import io.sluice.frontier.scope.PrefixRule;
import io.sluice.frontier.scope.Refusal;
import io.sluice.frontier.scope.Scope;
import io.sluice.frontier.shard.Admission.Judged;
import io.sluice.frontier.state.Event;
import io.sluice.frontier.state.Event.Queued;
import io.sluice.frontier.state.ShardState;
import io.sluice.frontier.state.ShardStore;
import it.unimi.dsi.fastutil.longs.LongSet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One running shard: it handles messages, issues leases and journals events, one {@linkplain #turn
 * turn} at a time. Confined to its shard's thread, except for {@link #snapshot}.
 */
final class Shard implements AutoCloseable {

  private final int number;
  private final ShardStore store;
  private final ShardContext context;
  private final Admission admission;
  private final Issuer issuer;
  private final Recrawler recrawler;
  private final Retrier retrier;
  private final SyncClock syncClock;
  private final long checkpointNanos;
  private final long leaseTimeoutNanos;
  private List<AfterSync> afterSync = new ArrayList<>();
  private @Nullable LeaseTaker taker;
  private @Nullable CompletableFuture<Void> closing;
  private boolean closed;
  private final SeedsWithoutPage seedsWithoutPage = new SeedsWithoutPage();
  private final Map<String, Long> setAside = new TreeMap<>();
  private final long settings;
  private final Glance glance = new Glance();
  private long aliveTold;
  private long heldTold;
  private long leasesBefore;
  private long done;
  private long retried;
  private long givenBack;
  private long now;
  private long nextCheckpointNanos;
  private volatile FrontierStats snapshot;

  /** Takes ownership of {@code store}. */
  Shard(int number, ShardStore store, ShardContext context) {
    this.number = number;
    this.store = store;
    this.context = context;
    Scope scope = new Scope(context.config());
    context.config().crawl().seeds().forEach(seed -> scope.admit(Offer.seed(seed.url())));
    store.state().admitted().forEach(scope::admit);
    this.settings = judgingSettings(context);
    PrefixRule prefixes =
        new PrefixRule(
            context.config().scope().prefixBudget(),
            context.fingerprints(),
            store.state().prefixes());
    this.admission = new Admission(store, scope, prefixes, context.fingerprints(), context.clock());
    this.issuer = new Issuer(number, store, scope, context);
    this.recrawler = new Recrawler(store, context.config().recrawl(), context.clock());
    this.retrier = new Retrier(store);
    FrontierSettings settings = context.config().frontier();
    this.checkpointNanos = settings.checkpointInterval().toNanos();
    this.leaseTimeoutNanos = settings.leaseTimeout().toNanos();
    this.now = context.nanoTime().getAsLong();
    this.nextCheckpointNanos = now + checkpointNanos;
    this.syncClock = new SyncClock(settings.syncInterval().toNanos(), now);
    this.snapshot = takeSnapshot();
    recover();
  }

  /** A hash of the settings by which URLs set aside are judged; never 0. */
  private static long judgingSettings(ShardContext context) {
    SluiceConfig config = context.config();
    String text =
        "%s %s %s %s %s %s"
            .formatted(
                config.scope(),
                config.hosts(),
                config.fetcher().addresses(),
                config.crawl().followLinks(),
                config.politeness().maxCrawlDelay(),
                config.politeness().obeyRobots());
    return context.fingerprints().of(text) | 1;
  }

  private void recover() {
    ShardState state = store.state();
    if (state.judgedBy() != settings) {
      state.tally().judgeSetAside();
      state.judgedBy(0);
    }
    issuer.recover(now);
    int out = state.leaseCount();
    leasesBefore = out;
    context.credit().recover(number, out, state.ended(Ending.PAGE));
    tellAlive();
    snapshot = takeSnapshot();
  }

  /** The leases that are out; before the first turn, those that were recovered. */
  List<LeaseId> leasesOut() {
    return store.state().leases().stream().map(lease -> id(lease.sequence())).toList();
  }

  /** Takes a turn: handles the messages, in order, and performs everything that is due. */
  void turn(List<Message> messages) throws IOException {
    now = context.nanoTime().getAsLong();
    issuer.holds().turn(now);
    admission.prepare(messages);
    for (Message message : messages) {
      handle(message);
    }
    if (taker != null) {
      recrawler.wake(now, issuer);
      retrier.wake(now, issuer);
      issuer.issue(now, this::refuse);
    }
    tellAlive();
    store.write();
    if (issuer.syncFirst() || syncIsDue()) {
      sync();
    }
    handOut();
    if (closing == null) {
      checkpointIfDue();
    }
    context.end().check();
    context.credit().wakeWaiting(now);
    if (closing != null) {
      closeCleanly(closing);
    }
    snapshot = takeSnapshot();
  }

  /**
   * Reports changes in the number of URLs alive in this shard: an increase at once, a decrease once
   * it is durable.
   */
  private void tellAlive() {
    ShardState state = store.state();
    if (state.tally().toJudge() == 0) {
      state.judgedBy(settings);
    }
    long alive =
        state.queued() + state.tally().toJudge() + state.leaseCount() + recrawler.planned();
    long heldNow = state.tally().waiting(Kind.HELD) + state.tally().inHand(Kind.HELD);
    if (alive > aliveTold) {
      context.end().add(alive - aliveTold);
    } else if (alive < aliveTold) {
      afterSync(new AfterSync.NoLongerAlive(context.end(), aliveTold - alive));
    }
    aliveTold = alive;
    context.end().held(heldNow - heldTold);
    heldTold = heldNow;
  }

  /** The time until the next turn is needed even without a message, in nanoseconds. */
  long untilNextTurn() {
    long time = context.nanoTime().getAsLong();
    long until = Math.min(syncClock.untilDue(time), nextCheckpointNanos - time);
    until = Math.min(until, context.end().untilTimeIsUp());
    if (taker != null) {
      until = Math.min(until, Math.min(issuer.untilNext(time), recrawler.untilNext()));
      until = Math.min(until, retrier.untilNext(issuer.holds()));
    }
    until = Math.min(until, issuer.holds().untilNext());
    return Math.max(0, until);
  }

  private void handle(Message message) throws IOException {
    switch (message) {
      case Message.Offered(var offers, var counts) -> offered(offers, counts);
      case Message.Start(var leaseTaker) -> taker = leaseTaker;
      case Message.Wake() -> {} // each turn requests credit in any case
      case Message.Visited(long sequence, Visit visit, var ruling) ->
          ruling.complete(visited(sequence, visit));
      case Message.AskHost(var lease, String host, var answer) ->
          answer.complete(issuer.guest(lease, host, now));
      case Message.HostAsked(var lease, Visit visit) -> issuer.guestGone(lease, visit, now);
      case Message.RetryHosts(var filter, var hosts) ->
          afterSync(
              new AfterSync.HostsTakenBack(
                  context.end(), issuer.holds().retry(filter, now), hosts));
      case Message.Outstanding(long sequence, long bytes) -> outstanding(sequence, bytes);
      case Message.Settle settle -> settle(settle);
      case Message.FindOverdue(var overdue) -> overdue.complete(overdue());
      case Message.Close(var done) -> closing = done;
    }
  }

  private void offered(List<Offer> offers, CompletableFuture<OfferCounts> to) throws IOException {
    Judged judged = admission.judge(offers);
    queue(judged.accepted());
    afterSync(new AfterSync.OffersTaken(context.end(), judged.counts(), to));
  }

  private void queue(List<Queued> accepted) throws IOException {
    for (Queued queued : accepted) {
      commit(queued);
    }
    enliven(accepted);
  }

  /** Makes URLs that were just queued available for leases. */
  private void enliven(List<Queued> accepted) throws IOException {
    for (Queued queued : accepted) {
      HostQueue host = store.state().host(queued.host());
      issuer.holds().queued(host);
      issuer.update(host, now);
    }
  }

  private Ruling visited(long sequence, Visit visit) throws IOException {
    LiveLease lease = issuer.leases().get(sequence);
    return lease != null && lease.stage() == LeaseStage.VISITING
        ? issuer.visited(lease, visit, now)
        : Ruling.CHARGED;
  }

  private void outstanding(long sequence, long bytes) throws IOException {
    LiveLease lease = issuer.leases().get(sequence);
    if (lease != null && lease.stage() == LeaseStage.VISITED) {
      issuer.handed(lease, bytes, now);
    }
  }

  private void settle(Message.Settle message) throws IOException {
    Judged judged = admission.judge(message.offers());
    LiveLease lease = issuer.leases().get(message.sequence());
    if (lease == null) {
      // The lease was settled earlier or never issued: only the settlement's links are used.
      queue(judged.accepted());
      afterSync(new AfterSync.Ignored(message.synced()));
      return;
    }
    leavePlace(lease);
    boolean toldByUrl = message.settlement() instanceof Done ended && ended.end().status() != 0;
    if (lease.asked() != null && !toldByUrl) {
      commit(lease.asked());
    }
    boolean page = false;
    switch (message.settlement()) {
      case Done ended -> {
        done(lease, ended, judged);
        page = ended.end().ending() == Ending.PAGE;
        done++;
      }
      case Retry(var after, var reason) -> {
        long due = Retrier.due(issuer.holds().runningMillis(), after);
        commit(new Event.Retried(lease.sequence(), due, reason.word()));
        retried++;
      }
      case Postpone(var reason) -> {
        commit(new Event.Postponed(lease.sequence(), reason.word()));
        retried++;
      }
      case SetAside(var reason) -> {
        commit(new Event.SetAside(lease.sequence(), reason.word()));
        setAside.merge(reason.word(), 1L, Long::sum);
        done++;
      }
      case Struck() -> {
        Duration after = Retrier.strikePause(lease.queued().attempts());
        long due = Retrier.due(issuer.holds().runningMillis(), after);
        commit(new Event.Retried(lease.sequence(), due, Reason.FETCHER_DIED.word()));
        retried++;
      }
      case HopBack() -> {
        commit(new Event.HoppedBack(lease.sequence()));
        retried++;
      }
      case GiveBack() -> {
        commit(new Event.GivenBack(lease.sequence()));
        givenBack++;
      }
    }
    issuer.leases().remove(lease);
    issuer.update(lease.host(), now);
    afterSync(
        new AfterSync.LeaseSettled(
            context, number, lease.kind(), lease.bytes(), page, message.synced()));
  }

  private void done(LiveLease lease, Done ended, Judged judged) throws IOException {
    Event.Plan plan = recrawler.plan(lease, ended);
    UrlEnd end = ended.end();
    Refusal refusal = judged.counts().firstRefusal();
    if (end.ending() == Ending.REDIRECTED && refusal != null) {
      end = end.targetRefused(refusal.reason());
    }
    commit(new Event.Done(lease.sequence(), end, judged.accepted(), plan, requeued(lease)));
    enliven(judged.accepted());
    seedsWithoutPage.ended(lease.queued(), end);
  }

  /** The fingerprint of a lease's URL if the URL was queued although it had been seen; else 0. */
  private long requeued(LiveLease lease) {
    LongSet requeued = store.state().requeued();
    if (requeued.isEmpty()) {
      return 0;
    }
    long fingerprint = context.fingerprints().of(lease.queued().href());
    return requeued.contains(fingerprint) ? fingerprint : 0;
  }

  /** Sets aside a queued URL that the current settings refuse. */
  private void refuse(LiveLease lease, Reason reason) throws IOException {
    issuer.visited(lease, Visit.UNREQUESTED, now);
    settle(
        new Message.Settle(
            lease.sequence(), new SetAside(reason), List.of(), new CompletableFuture<>()));
  }

  private void leavePlace(LiveLease lease) throws IOException {
    if (lease.stage() == LeaseStage.VISITING) {
      issuer.visited(lease, new Visit(null, null, true), now);
    }
    if (lease.stage() == LeaseStage.VISITED) {
      issuer.notHanded(lease);
    }
  }

  private List<LeaseId> overdue() {
    return issuer.leases().overdue(leaseTimeoutNanos, now).stream()
        .map(lease -> id(lease.sequence()))
        .toList();
  }

  private LeaseId id(long sequence) {
    return new LeaseId(number, sequence);
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

  /**
   * Whether a sync is due; if there is nothing to sync, all waiting callers are answered at once.
   */
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
    long began = context.nanoTime().getAsLong();
    store.sync();
    long ended = context.nanoTime().getAsLong();
    context.syncTimer().record(ended - began, TimeUnit.NANOSECONDS);
    syncClock.synced(began, ended);
    snapshot = takeSnapshot(); // callers may read it as soon as they are answered
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

  /** Whether the shard was closed, so that it takes no more turns. */
  boolean closed() {
    return closed;
  }

  /** Fails all callers that are waiting for a sync: after a failure, durability is unknown. */
  void fail(Throwable failure) {
    afterSync.forEach(action -> action.failed(failure));
    afterSync.clear();
    if (closing != null) {
      closing.completeExceptionally(failure);
    }
  }

  /** Closes the files without writing a checkpoint. */
  @Override
  public void close() throws IOException {
    closed = true;
    store.close();
  }

  /** The shard's figures at the end of its last turn. Thread-safe. */
  FrontierStats snapshot() {
    return snapshot;
  }

  private FrontierStats takeSnapshot() {
    ShardState state = store.state();
    Hosts hosts = state.tally();
    long leased = issuer.leased();
    glance.look(state, issuer.leases(), issuer.holds(), now, issuer.instantOf(now));
    return new FrontierStats(
        state.queued(),
        leased,
        state.leaseCount() - leased,
        state.calendar().size(),
        state.retries().size(),
        hosts.setAside(),
        hosts.waiting(Kind.GIVEN_UP),
        state.seen().size(),
        hosts.counts(),
        glance.held(),
        glance.backingOff(),
        glance.oldestLease(),
        state.ended(),
        state.endedBy(),
        Map.copyOf(setAside),
        seedsWithoutPage.all(),
        state.bytes(),
        admission.counts(),
        admission.refused(),
        admission.refusedExamples(),
        leaseSums(),
        state.footprint());
  }

  private LeaseSums leaseSums() {
    long leases = leasesBefore + issuer.issues();
    int out = store.state().leaseCount();
    return new LeaseSums(leases, done, retried, givenBack, out, List.of(), 0);
  }
}
