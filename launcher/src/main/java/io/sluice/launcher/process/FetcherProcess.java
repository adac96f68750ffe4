package io.sluice.launcher.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.FixedKeys;
import io.sluice.core.config.Problem;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.LeaseSums;
import io.sluice.core.lifecycle.LeaseSums.ForcedLease;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.lifecycle.ShutdownSequence;
import io.sluice.core.metrics.AdminServer;
import io.sluice.core.metrics.Health;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.redis.server.EmbeddedRedis;
import io.sluice.core.resource.HostName;
import io.sluice.core.resource.Ledger;
import io.sluice.core.stream.Claimant;
import io.sluice.core.stream.PartitionKeys;
import io.sluice.core.text.EnumWord;
import io.sluice.fetcher.Fetcher;
import io.sluice.fetcher.handover.Handover;
import io.sluice.fetcher.handover.RecordBounds;
import io.sluice.fetcher.handover.RecordSink;
import io.sluice.frontier.EndReason;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.OfferCounts;
import io.sluice.launcher.control.ControlSocket;
import io.sluice.launcher.progress.Amounts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fetcher process: frontier, handover and fetcher, wired. It ends by itself when the frontier
 * is empty and no lease is in progress or outstanding. Confined to the process's main thread.
 */
public final class FetcherProcess {

  /** The process's name in logs and reports. */
  public static final String NAME = "fetcher";

  private static final Logger log = LoggerFactory.getLogger(FetcherProcess.class);

  /** Interval at which progress is logged and overdue leases are searched for. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  /**
   * Interval at which the process checks that the network and the settings let the crawl continue
   * and that the frontier's directories still exist.
   */
  private static final Duration TICK = Duration.ofSeconds(1);

  /** For now one fetcher process owns all shards, so there is one partition. */
  private static final int PARTITION = 0;

  private static final String STORAGE_FAILED = "storage-failed";

  /** The reason for a stop when another process has taken the partition. */
  static final String SUPERSEDED = "superseded";

  private final ProcessBase base;
  private final Frontier frontier;
  private final Handover handover;
  private final Fetcher fetcher;
  private final @Nullable ControlSocket control;
  private final FetcherStatus status;
  private final CrawlWatch watch;

  private FetcherProcess(
      ProcessBase base,
      Frontier frontier,
      Handover handover,
      Fetcher fetcher,
      @Nullable ControlSocket control,
      FetcherStatus status) {
    this.base = base;
    this.frontier = frontier;
    this.handover = handover;
    this.fetcher = fetcher;
    this.control = control;
    this.status = status;
    this.watch = new CrawlWatch(frontier, base.health().check(CrawlWatch.NETWORK));
  }

  /**
   * Runs the process from start to report.
   *
   * @throws CannotStart if the user must fix something first
   * @throws InterruptedException if the main thread is interrupted, which Sluice never does
   */
  public static ExitCode run(SluiceConfig config, ProcessOptions options)
      throws CannotStart, InterruptedException {
    ProcessBase base = ProcessBase.open(FittedConfig.ofFetcher(config, options), options);
    Optional<FetcherProcess> started = base.started(unwind -> open(base, unwind));
    if (started.isEmpty()) {
      return base.leaveUnstarted();
    }
    FetcherProcess process = started.get();
    String reason = process.crawl();
    return base.leave(process.shutdown(reason), reason, process.status);
  }

  private static FetcherProcess open(ProcessBase base, ResourceScope unwind)
      throws CannotStart, IOException, InterruptedException, RedisUnavailableException {
    SluiceConfig config = base.config();
    checkFixedKeys(base);
    Health.Check ready = base.health().check(NAME);
    FetcherStatus status = new FetcherStatus(base);
    AdminServer admin = base.serve(status);
    PartitionKeys keys = new PartitionKeys(config.crawl().name(), PARTITION);
    RedisPool redis = base.redis(keys, base.clientName());
    Ledger ledger = base.ledger();
    MeterRegistry registry = base.registry();
    OlderVersion.refuseResting(config, redis, ledger);

    Frontier frontier =
        unwind.own(
            Frontier.open(
                config, base.files().dir(), ledger, registry, InstantSource.system(), base.time()));
    // Seeds are offered before recovery, since their domains may define the scope by which
    // recovered links are judged.
    OfferCounts seeds = Seeds.offer(config.crawl(), frontier, ledger, base.stop());
    status.seeds(seeds);
    log.info(
        "seeds: {} new, {} known, {} refused", seeds.accepted(), seeds.seen(), seeds.refused());
    Handover handover =
        unwind.own(
            Handover.open(
                redis,
                keys,
                claimant(config, frontier),
                frontier,
                RecordBounds.of(config),
                ledger,
                registry));
    status.found(handover.recover(frontier, base.stop().asked().toCompletableFuture()));
    Fetcher fetcher =
        unwind.own(
            Fetcher.open(
                config,
                frontier,
                frontier.addresses(),
                frontier.hosts(),
                handover,
                config.output().warc() ? handover : RecordSink.NONE,
                ledger,
                registry));
    status.watch(frontier, handover::recordsOwed);
    ControlSocket control = takeCommands(base, frontier);
    if (control != null) {
      unwind.own(control);
    }
    base.announce(admin);
    ready.ready();
    return new FetcherProcess(base, frontier, handover, fetcher, control, status);
  }

  /** Opens the control socket; on a file system without sockets the crawl runs without one. */
  private static @Nullable ControlSocket takeCommands(ProcessBase base, Frontier frontier) {
    try {
      return ControlSocket.open(
          base.files().control(), frontier, base.rules(), base.ledger(), base.registry());
    } catch (IOException e) {
      log.warn("this run takes no commands: {}", e.getMessage());
      return null;
    }
  }

  private static Claimant claimant(SluiceConfig config, Frontier frontier) {
    Path dir = config.crawl().dir().toAbsolutePath().normalize();
    String removal =
        EmbeddedRedis.serves(dir, config.redis().uri())
            ? "delete " + dir.resolve("redis")
            : "sluice forget %s --redis URI".formatted(config.crawl().name());
    return new Claimant(frontier.identity(), dir, HostName.orElse("unknown"), removal);
  }

  /**
   * Refuses a config that changes a setting fixed by its crawl directory; records these settings in
   * a new directory.
   */
  private static void checkFixedKeys(ProcessBase base) throws CannotStart, IOException {
    FixedKeys current = FixedKeys.of(base.config());
    Optional<FixedKeys> fixed = FixedKeys.read(base.files().dir(), base.files().brief());
    if (fixed.isEmpty()) {
      current.write(base.files().dir(), base.files().brief());
      return;
    }
    List<Problem> refused = fixed.get().refused(current, base.files().dir().toString());
    if (!refused.isEmpty()) {
      throw new CannotStart(refused.stream().map(Problem::toString).toList());
    }
  }

  /** Crawls until the crawl ends or a stop is requested; returns the reason. */
  private String crawl() throws InterruptedException {
    var _ = frontier.storageFailed().thenAccept(this::storageFailed);
    var _ =
        frontier
            .finished()
            .thenCompose(this::recordsCommitted)
            .thenAccept(end -> base.stop().ask(EnumWord.of(end)));
    var _ =
        handover
            .superseded()
            .thenAccept(
                line -> {
                  log.error("{}", line);
                  base.stop().ask(SUPERSEDED);
                });
    if (!base.stop().isAsked()) {
      frontier.start(fetcher);
      log.info("crawling");
    }
    long lookNanos = System.nanoTime() + LOOK_EVERY.toNanos();
    Optional<String> reason = base.stop().await(TICK);
    while (reason.isEmpty()) {
      watch.tick();
      frontier.look();
      if (System.nanoTime() - lookNanos >= 0) {
        lookNanos += LOOK_EVERY.toNanos();
        log.info("{}", status.line());
        reissueOverdue();
      }
      reason = base.stop().await(TICK);
    }
    watch.tick();
    return reason.get();
  }

  /** Reissues overdue leases once no parser can commit them any more. */
  private void reissueOverdue() throws InterruptedException {
    try {
      List<LeaseId> overdue = await(frontier.overdue());
      if (!overdue.isEmpty()) {
        Collection<LeaseId> revoked = handover.revoke(overdue);
        await(frontier.giveBack(revoked));
        log.warn(
            "{} leases were overdue; {} of them are issued again", overdue.size(), revoked.size());
      }
    } catch (RedisLostException e) {
      log.debug("overdue leases are waiting for Redis", e);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("overdue leases could not be checked: {}", e.toString());
    }
  }

  private static <T> T await(CompletionStage<T> stage)
      throws InterruptedException, ExecutionException, TimeoutException {
    return stage.toCompletableFuture().get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Reports, once, that storage failed, and requests a stop; a stop may already be in progress. */
  private void storageFailed(Throwable failure) {
    log.error("the frontier's storage failed: {}; fix that and run again", failure.getMessage());
    base.stop().ask(STORAGE_FAILED);
  }

  /**
   * After a crawl that ended by itself, waits until parsers have committed all archive-only
   * records. A requested stop does not wait for them.
   */
  private CompletionStage<EndReason> recordsCommitted(EndReason end) {
    int owed = handover.recordsOwed();
    if (owed > 0 && end != EndReason.STOPPED) {
      log.info(
          "the crawl is ending: {}; waiting until parsers have stored {}",
          EnumWord.of(end),
          Amounts.count(owed, "record"));
    }
    return handover.recordsCommitted().thenApply(_ -> end);
  }

  /** Whether the crawl ended by itself, for the given reason, without a single page. */
  private boolean pageless(String reason) {
    boolean ended =
        EnumSet.complementOf(EnumSet.of(EndReason.STOPPED)).stream()
            .anyMatch(end -> EnumWord.of(end).equals(reason));
    return ended && frontier.stats().done(Ending.PAGE) == 0;
  }

  private ShutdownSequence shutdown(String reason) {
    base.health().check(NAME).notReady("stopping");
    ShutdownSequence.Builder shutdown =
        base.shutdown()
            .stage(frontier)
            .stage(fetcher)
            .stage(handover)
            .leases(this::leaseSums)
            .findings(status.found())
            .pageless(() -> pageless(reason));
    return (control == null ? shutdown : shutdown.stage(control)).build();
  }

  private LeaseSums leaseSums() {
    LeaseSums sums = frontier.leases();
    List<ForcedLease> forced = fetcher.forcedLeases();
    return new LeaseSums(
        sums.leased(),
        sums.done(),
        sums.retried(),
        sums.givenBack(),
        sums.outstanding(),
        forced,
        forced.size());
  }
}
