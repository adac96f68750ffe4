package io.sluice.frontier;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.ShutdownSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.LeaseRecovery;
import io.sluice.core.lease.LeaseTaker;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.LeaseSums;
import io.sluice.core.lifecycle.Stage;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.governor.Governor;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.shard.CrawlEnd;
import io.sluice.frontier.shard.Credit;
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
 * All URLs of a crawl and what is known of them, in files. See the package documentation for the
 * life of a URL. Thread-safe: each call is a message to the shards it concerns, and what comes back
 * is completed on a shard's thread.
 */
public final class Frontier implements LeaseDesk, LeaseRecovery, Stage {

  private static final Logger LOG = LoggerFactory.getLogger(Frontier.class);

  private final DirectoryLock lock;
  private final List<ShardThread> shards;
  private final MergeThread merges;
  private final Router router;
  private final Credit credit;
  private final CrawlEnd end;
  private final AddressDesk addresses;
  private final Duration closeWait;
  private final Set<LeaseId> outAtStart;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes ownership of the lock, the shards and the merges; starts the shards. */
  Frontier(
      DirectoryLock lock,
      List<ShardThread> shards,
      MergeThread merges,
      Router router,
      Credit credit,
      CrawlEnd end,
      @Nullable Governor governor,
      Duration closeWait) {
    this.lock = lock;
    this.shards = List.copyOf(shards);
    this.merges = merges;
    this.router = router;
    this.credit = credit;
    this.end = end;
    this.addresses = governor == null ? AddressDesk.UNLIMITED : governor;
    this.closeWait = closeWait;
    Set<LeaseId> out = new LinkedHashSet<>();
    shards.forEach(shard -> out.addAll(shard.leasesOut()));
    this.outAtStart = Set.copyOf(out);
    shards.forEach(ShardThread::begin);
  }

  /**
   * Opens the frontier in {@code crawlDir/frontier}, makes it when missing, recovers it otherwise.
   * No lease is issued before {@link #start}.
   *
   * @param ledger borrowed; files and threads are entered there
   * @param registry borrowed
   * @throws FrontierInUseException if a live process owns the directory
   * @throws IOException if the files are damaged, newer, or cannot be read or written, or the
   *     configuration differs in what cannot change; the message is one line for the operator
   */
  public static Frontier open(
      SluiceConfig config, Path crawlDir, Ledger ledger, MeterRegistry registry)
      throws IOException {
    return open(config, crawlDir, ledger, registry, InstantSource.system(), System::nanoTime);
  }

  /** {@link #open(SluiceConfig, Path, Ledger, MeterRegistry)} with a time of the caller's. */
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

  /** {@link #open(SluiceConfig, Path, Ledger, MeterRegistry)} on a disk of the caller's. */
  static Frontier open(
      SluiceConfig config, Path crawlDir, Ledger ledger, MeterRegistry registry, Disk disk)
      throws IOException {
    return new FrontierOpening(
            config, crawlDir, ledger, registry, InstantSource.system(), System::nanoTime, disk)
        .open();
  }

  /**
   * Offers URLs, as a rule the seeds: at each start all of them, since those seen stop here, and
   * where {@code scope.domains} is empty the registered domains of the seeds are the scope. (Those
   * in {@code crawl.seeds} count at once; offer those of a file before recovered outcomes are
   * settled.) Offer a long list in batches, each when the one before has completed.
   *
   * @return completes once what was accepted is journaled and synced
   */
  public CompletionStage<OfferCounts> offer(Collection<Offer> offers) {
    return send(router.sort(offers)).minimalCompletionStage();
  }

  /** Sends each shard its offers; completes when all are synced. */
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
   * Begins to issue leases. Call once, after the leases of {@link #outAtStart} were sorted out and
   * the seeds offered.
   */
  public void start(LeaseTaker taker) {
    credit.open();
    end.start(); // first, so that no shard reckons without crawl.max-time
    shards.forEach(shard -> shard.send(new Message.Start(taker)));
  }

  /**
   * Completes when the crawl has come to its end and every settlement is synced; exceptionally when
   * the frontier's storage failed: then the process must stop, nothing more can be promised.
   */
  public CompletionStage<EndReason> finished() {
    return end.finished();
  }

  /** Who is to be asked before an IP address is. */
  public AddressDesk addresses() {
    return addresses;
  }

  /** What the shards last published; cheap. */
  public FrontierStats stats() {
    return FrontierStats.sum(shards.stream().map(ShardThread::snapshot).toList());
  }

  /**
   * What became of the leases that this process inherited or issued, as the shards last published
   * it; which were forced only the fetcher knows.
   */
  public LeaseSums leases() {
    LeaseSums total = LeaseSums.NONE;
    for (ShardThread shard : shards) {
      LeaseSums part = shard.snapshot().leases();
      total =
          new LeaseSums(
              total.leased() + part.leased(),
              total.done() + part.done(),
              total.retried() + part.retried(),
              total.givenBack() + part.givenBack(),
              total.outstanding() + part.outstanding(),
              List.of(),
              0);
    }
    return total;
  }

  /**
   * The leases that have been outstanding for longer than {@code frontier.lease-timeout}. Who asks
   * revokes their pages and then {@linkplain #giveBack gives back} those that have neither page nor
   * outcome.
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
  public void visited(LeaseId lease, Visit visit) {
    if (known(lease)) {
      shard(lease).send(new Message.Visited(lease.sequence(), visit));
    }
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
   * here: a crash in between repeats the settlement and finds them seen.
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
    Message.Settle message = new Message.Settle(lease.sequence(), settlement, own, synced);
    if (sorted.isEmpty()) {
      shard(lease).send(message);
      return synced.minimalCompletionStage();
    }
    return elsewhere
        .thenCompose(
            _ -> {
              shard(lease).send(message);
              return synced;
            })
        .minimalCompletionStage();
  }

  @Override
  public Set<LeaseId> outAtStart() {
    return outAtStart;
  }

  @Override
  public CompletionStage<Void> giveBack(Collection<LeaseId> lost) {
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    // Each goes to the head of its host, so the one leased first must be the last.
    List<LeaseId> latestFirst = new ArrayList<>(lost);
    latestFirst.sort(Comparator.comparingLong(LeaseId::sequence).reversed());
    for (LeaseId lease : latestFirst) {
      CompletionStage<Void> one = settle(lease, new Settlement.GiveBack());
      all = all.thenCombine(one, (_, _) -> null);
    }
    return all.minimalCompletionStage();
  }

  /** {@inheritDoc} Nothing to do: a recovered lease is outstanding until it is settled. */
  @Override
  public void stillOutstanding(Collection<LeaseId> leases) {}

  @Override
  public String name() {
    return "frontier";
  }

  @Override
  public void stopIntake() {
    credit.shut();
  }

  /** {@inheritDoc} Nothing: what waits here rests in files. */
  @Override
  public int cancelPending() {
    return 0;
  }

  /**
   * Waits until no lease is being visited or on its way to Redis. What is left at the deadline is
   * the fetcher's to cut, and counted there. Where the storage failed nobody is waited for: leases
   * of a shard that is no more never end.
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
   * Ends the shards, each with a checkpoint, and releases the directory. Waits for {@link
   * ShutdownSettings#stepBound} at most; a shard that is not done by then keeps the directory
   * locked until the process ends.
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
      // A shard that is still writing may have something merged: its thread ends with the process.
      boolean shardsEnded = joinShards(deadline);
      if (merges.close(deadline) && shardsEnded) {
        lock.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while the frontier was closing; the next start recovers it");
    } catch (IOException e) {
      LOG.warn("the frontier's lock could not be released: {}", e.getMessage());
    }
  }

  /** Shards whose last checkpoint takes longer than {@link #close} may wait. */
  @Override
  public List<Thread> leftBehind() {
    return shards.stream().flatMap(shard -> shard.alive().stream()).toList();
  }

  private boolean joinShards(Deadline deadline) throws InterruptedException {
    boolean all = true;
    for (ShardThread shard : shards) {
      if (!shard.join(deadline)) {
        all = false;
        LOG.warn("a shard was not closed within {}; the next start recovers it", closeWait);
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
