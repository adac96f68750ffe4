package io.sluice.frontier;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.ShutdownSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.LeaseRecovery;
import io.sluice.core.lease.LeaseTaker;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.LeaseSums;
import io.sluice.core.lifecycle.Stage;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.credit.Credit;
import io.sluice.frontier.governor.Governor;
import io.sluice.frontier.hold.Uplink;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.scope.Refusal;
import io.sluice.frontier.shard.EndDetector;
import io.sluice.frontier.shard.Message;
import io.sluice.frontier.shard.ShardThread;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All URLs of a crawl and everything known about them, in files. The package documentation
 * describes the life of a URL. Thread-safe: each call is a message to the shards that it concerns,
 * and results are completed on a shard's thread.
 */
public final class Frontier implements LeaseDesk, LeaseRecovery, Stage {

  private static final Logger log = LoggerFactory.getLogger(Frontier.class);

  private final StorageWatch storage;
  private final CrawlIdentity identity;
  private final List<ShardThread> shards;
  private final MergeThread merges;
  private final Router router;
  private final Credit credit;
  private final EndDetector end;
  private final Uplink uplink;
  private final AddressDesk addresses;
  private final Duration closeWait;
  private final Set<LeaseId> outAtStart;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes ownership of the storage, the shards and the merges; starts the shards. */
  Frontier(
      StorageWatch storage,
      CrawlIdentity identity,
      List<ShardThread> shards,
      MergeThread merges,
      Router router,
      Credit credit,
      EndDetector end,
      Uplink uplink,
      @Nullable Governor governor,
      Duration closeWait) {
    this.storage = storage;
    this.identity = identity;
    this.shards = List.copyOf(shards);
    this.merges = merges;
    this.router = router;
    this.credit = credit;
    this.end = end;
    this.uplink = uplink;
    this.addresses = governor == null ? AddressDesk.UNLIMITED : governor;
    this.closeWait = closeWait;
    Set<LeaseId> out = new LinkedHashSet<>();
    shards.forEach(shard -> out.addAll(shard.leasesOut()));
    this.outAtStart = Set.copyOf(out);
    shards.forEach(ShardThread::begin);
  }

  /**
   * Opens the frontier in {@code crawlDir/frontier}: creates it if there is none, recovers it
   * otherwise. No lease is issued before {@link #start}.
   *
   * @param ledger records files and threads; borrowed
   * @param registry borrowed
   * @throws FrontierInUseException if a live process owns the directory
   * @throws IOException if the files are damaged, of a later version, or cannot be read or written,
   *     or the configuration differs in a way that cannot change; the message is one line for the
   *     operator
   */
  public static Frontier open(
      SluiceConfig config, Path crawlDir, Ledger ledger, MeterRegistry registry)
      throws IOException {
    return open(config, crawlDir, ledger, registry, InstantSource.system(), System::nanoTime);
  }

  /**
   * Reads the identity of the crawl whose frontier a directory holds. Null if there is no frontier,
   * or if an older version created it ({@link #isOlder}).
   *
   * @param ledger records the file while it is read; borrowed
   * @throws IOException if the file is damaged, or of a later version
   */
  public static @Nullable CrawlIdentity identityIn(Path crawlDir, Ledger ledger)
      throws IOException {
    Identity identity = Identity.read(crawlDir.resolve("frontier"), ledger);
    return identity == null ? null : identity.crawl();
  }

  /**
   * Whether a directory holds a frontier from before crawls had identities; {@link #open} gives it
   * one. Such a crawl kept its data in Redis under keys that this version does not read.
   *
   * @throws IOException if the file is damaged, or of a later version
   */
  public static boolean isOlder(Path crawlDir, Ledger ledger) throws IOException {
    Identity identity = Identity.read(crawlDir.resolve("frontier"), ledger);
    return identity != null && identity.crawl() == null;
  }

  /** Like {@link #open(SluiceConfig, Path, Ledger, MeterRegistry)}, with the caller's clocks. */
  public static Frontier open(
      SluiceConfig config,
      Path crawlDir,
      Ledger ledger,
      MeterRegistry registry,
      InstantSource clock,
      LongSupplier nanoTime)
      throws IOException {
    return new FrontierOpening(config, crawlDir, ledger, registry, clock, nanoTime, Disk.SYSTEM)
        .open();
  }

  /** Like {@link #open(SluiceConfig, Path, Ledger, MeterRegistry)}, on the caller's disk. */
  static Frontier open(
      SluiceConfig config, Path crawlDir, Ledger ledger, MeterRegistry registry, Disk disk)
      throws IOException {
    return new FrontierOpening(
            config, crawlDir, ledger, registry, InstantSource.system(), System::nanoTime, disk)
        .open();
  }

  /**
   * Offers URLs, usually the seeds. Offer all of them at each start: known ones are dropped here,
   * and if {@code scope.domains} is empty, the registered domains of the seeds are the scope. (The
   * domains in {@code crawl.seeds} count from the opening on; offer the seeds of a file before
   * recovered outcomes are settled.) Offer a long list in batches, each once the previous one has
   * completed.
   *
   * @return a stage that completes once the accepted URLs are journaled and synced
   */
  public CompletionStage<OfferCounts> offer(Collection<Offer> offers) {
    return send(router.sort(offers)).minimalCompletionStage();
  }

  /** Sends each shard its offers; the result completes when all are synced. */
  private CompletableFuture<OfferCounts> send(Map<Integer, List<Offer>> sorted) {
    CompletableFuture<OfferCounts> total = CompletableFuture.completedFuture(OfferCounts.NONE);
    for (Map.Entry<Integer, List<Offer>> part : sorted.entrySet()) {
      CompletableFuture<OfferCounts> counts = new CompletableFuture<>();
      end.add(1);
      shards.get(part.getKey()).send(new Message.Offered(part.getValue(), counts));
      total = total.thenCombine(counts, OfferCounts::plus);
    }
    return total;
  }

  /**
   * Starts issuing leases. Call once, after the leases of {@link #outAtStart} were recovered and
   * the seeds offered.
   */
  public void start(LeaseTaker taker) {
    credit.open();
    end.start(); // done first, so that crawl.max-time applies in every shard
    shards.forEach(shard -> shard.send(new Message.Start(taker)));
  }

  /**
   * Returns a stage that completes when the crawl has ended and every settlement is synced. It
   * completes exceptionally if the frontier's storage failed: the process must then stop, since
   * nothing can be made durable any more.
   */
  public CompletionStage<EndReason> finished() {
    return end.finished();
  }

  /**
   * Returns a stage that completes with the first failure of the frontier's storage, even if that
   * occurs at the last checkpoint, after {@link #finished} has completed.
   */
  public CompletionStage<Throwable> storageFailed() {
    return storage.first();
  }

  /**
   * Checks that the frontier's directories are still in place; if one is not, the storage has
   * failed. Call this about once a second; it costs one system call per shard.
   */
  public void look() {
    storage.look();
  }

  /** The crawl's identity. */
  public CrawlIdentity identity() {
    return identity;
  }

  /** Decides whether an IP address may be sent a request. */
  public AddressDesk addresses() {
    return addresses;
  }

  /** Decides whether a visit may send a request to a host other than its lease's. */
  public HostDesk hosts() {
    return new ShardedHosts(shards, router);
  }

  /** The visits in progress. */
  public VisitCounts visits() {
    return credit.visitCounts();
  }

  /** Whether no further page may be leased until parsers have caught up. */
  public boolean parsersBehind() {
    return credit.parsersBehind();
  }

  /** The figures that the shards last published; cheap to read. */
  public FrontierStats stats() {
    return FrontierStats.sum(shards.stream().map(ShardThread::snapshot).toList());
  }

  /**
   * What became of the leases that this process inherited or issued, as the shards last published
   * it. Only the fetcher knows which were forced.
   */
  public LeaseSums leases() {
    return stats().leases();
  }

  /**
   * The leases that have been outstanding for longer than {@code frontier.lease-timeout}. The
   * caller revokes their pages, and then {@linkplain #giveBack gives back} those that have neither
   * page nor outcome.
   */
  public CompletionStage<List<LeaseId>> overdue() {
    CompletableFuture<List<LeaseId>> all = CompletableFuture.completedFuture(List.of());
    for (ShardThread shard : shards) {
      CompletableFuture<List<LeaseId>> part = new CompletableFuture<>();
      shard.send(new Message.FindOverdue(part));
      all = all.thenCombine(part, Frontier::concat);
    }
    return all.minimalCompletionStage();
  }

  private static List<LeaseId> concat(List<LeaseId> one, List<LeaseId> other) {
    List<LeaseId> both = new ArrayList<>(one);
    both.addAll(other);
    return both;
  }

  @Override
  public CompletionStage<Ruling> visited(LeaseId lease, Visit visit) {
    if (!known(lease)) {
      return CompletableFuture.completedFuture(Ruling.CHARGED);
    }
    CompletableFuture<Ruling> ruling = new CompletableFuture<>();
    shard(lease).send(new Message.Visited(lease.sequence(), visit, ruling));
    return visit.finding().troubled()
        ? ruling.minimalCompletionStage()
        : CompletableFuture.completedFuture(Ruling.CHARGED);
  }

  @Override
  public void outstanding(LeaseId lease, long bytes) {
    if (known(lease)) {
      shard(lease).send(new Message.Outstanding(lease.sequence(), bytes));
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Offers that belong to other shards are synced there before the lease's end is journaled
   * here. After a crash in between, the settlement is repeated and those offers are already seen.
   */
  @Override
  public CompletionStage<Void> settle(LeaseId lease, Settlement settlement) {
    List<Offer> offers =
        settlement instanceof Settlement.Done(var _, var found, var _) ? found : List.of();
    Map<Integer, List<Offer>> sorted = router.sort(offers);
    List<Offer> own = sorted.getOrDefault(lease.shard(), List.of());
    sorted.remove(lease.shard());
    CompletableFuture<OfferCounts> elsewhere = send(sorted);
    if (!known(lease)) {
      return elsewhere.<Void>thenApply(_ -> null).minimalCompletionStage();
    }
    CompletableFuture<Void> synced = new CompletableFuture<>();
    if (sorted.isEmpty()) {
      shard(lease).send(new Message.Settle(lease.sequence(), settlement, own, synced));
      return synced.minimalCompletionStage();
    }
    return elsewhere
        .thenCompose(
            counts -> {
              Settlement known = withTargetsRefusal(settlement, counts.firstRefusal());
              shard(lease).send(new Message.Settle(lease.sequence(), known, own, synced));
              return synced;
            })
        .minimalCompletionStage();
  }

  /**
   * Adds the reason to the settlement of a redirect whose target another shard refused; returns any
   * other settlement unchanged.
   */
  private static Settlement withTargetsRefusal(Settlement settlement, @Nullable Refusal refusal) {
    return refusal != null
            && settlement instanceof Settlement.Done done
            && done.end().ending() == Ending.REDIRECTED
        ? new Settlement.Done(
            done.end().targetRefused(refusal.reason()), done.offers(), done.version())
        : settlement;
  }

  /**
   * Takes back the given-up hosts that the filter matches; each gets its full patience again.
   *
   * @return a stage that completes once that is journaled and synced
   */
  public CompletionStage<TakenBack> retry(RetryFilter filter) {
    CompletableFuture<TakenBack> all = CompletableFuture.completedFuture(TakenBack.NONE);
    for (ShardThread shard : shards) {
      CompletableFuture<TakenBack> part = new CompletableFuture<>();
      end.add(1);
      shard.send(new Message.RetryHosts(filter, part));
      all = all.thenCombine(part, TakenBack::plus);
    }
    return all.minimalCompletionStage();
  }

  /** The crawl's own connection to the network. */
  public Uplink uplink() {
    return uplink;
  }

  @Override
  public Set<LeaseId> outAtStart() {
    return outAtStart;
  }

  @Override
  public CompletionStage<Void> giveBack(Collection<LeaseId> lost) {
    // Each URL goes to the head of its host's queue, so the lease issued first must be queued last.
    List<LeaseId> latestFirst = new ArrayList<>(lost);
    latestFirst.sort(Comparator.comparingLong(LeaseId::sequence).reversed());
    return settleAll(latestFirst, new Settlement.GiveBack());
  }

  @Override
  public CompletionStage<Void> strike(Collection<LeaseId> inHand) {
    return settleAll(inHand, new Settlement.Struck());
  }

  private CompletionStage<Void> settleAll(Collection<LeaseId> leases, Settlement settlement) {
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (LeaseId lease : leases) {
      all = all.thenCombine(settle(lease, settlement), (_, _) -> null);
    }
    return all.minimalCompletionStage();
  }

  @Override
  public String name() {
    return "frontier";
  }

  @Override
  public void stopIntake() {
    credit.shut();
  }

  /** {@inheritDoc} Does nothing: waiting URLs stay in files. */
  @Override
  public int cancelPending() {
    return 0;
  }

  /**
   * Waits until no lease is being visited or on its way to Redis. Leases left at the deadline are
   * cut and counted by the fetcher. Does not wait if the storage has failed, since leases of a
   * failed shard never end.
   */
  @Override
  public Drained drain(Deadline deadline) {
    int before = credit.unhanded();
    CompletableFuture<Void> failed = new CompletableFuture<>();
    var _ =
        end.finished()
            .exceptionally(
                failure -> {
                  failed.complete(null);
                  return null;
                });
    try {
      int left = credit.awaitHanded(deadline.cutBy(failed));
      return new Drained(Math.max(0, before - left), 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Drained.NOTHING;
    }
  }

  /**
   * Ends the shards, each with a checkpoint, and releases the directory. Waits for at most {@link
   * ShutdownSettings#stepBound}; a shard that is not finished by then keeps the directory locked
   * until the process ends.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    end.stop();
    shards.forEach(ShardThread::close);
    try {
      Deadline deadline = Deadline.in(closeWait);
      // A shard that is still writing may need the merge thread, which is then left to end with the
      // process.
      boolean shardsEnded = joinShards(deadline);
      if (merges.close(deadline) && shardsEnded) {
        storage.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      log.warn("interrupted while the frontier was closing; the next start recovers it");
    }
  }

  /** Threads of shards whose last checkpoint takes longer than {@link #close} waits. */
  @Override
  public List<Thread> leftBehind() {
    return shards.stream().flatMap(shard -> shard.alive().stream()).toList();
  }

  @Override
  public List<String> failures() {
    return storage.lines();
  }

  private boolean joinShards(Deadline deadline) throws InterruptedException {
    boolean all = true;
    for (ShardThread shard : shards) {
      if (!shard.join(deadline)) {
        all = false;
        log.warn("a shard was not closed within {}; the next start recovers it", closeWait);
      }
    }
    return all;
  }

  private boolean known(LeaseId lease) {
    return lease.shard() < shards.size();
  }

  private ShardThread shard(LeaseId lease) {
    return shards.get(lease.shard());
  }
}
