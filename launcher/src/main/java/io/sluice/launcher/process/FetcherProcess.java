package io.sluice.launcher.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.FixedKeys;
import io.sluice.core.config.Problem;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.LeaseSums;
import io.sluice.core.lifecycle.LeaseSums.ForcedLease;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.lifecycle.ShutdownSequence;
import io.sluice.core.metrics.AdminServer;
import io.sluice.core.metrics.Health;
import io.sluice.core.redis.PartitionKeys;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.resource.Ledger;
import io.sluice.fetcher.Fetcher;
import io.sluice.fetcher.handover.Handover;
import io.sluice.frontier.EndReason;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.OfferCounts;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fetcher process: frontier, hand-over and fetcher, wired. It ends by itself when the frontier
 * is empty and nothing is leased or outstanding. Confined to the process's main thread.
 */
public final class FetcherProcess {

  /** Its name in logs and reports. */
  public static final String NAME = "fetcher";

  private static final Logger log = LoggerFactory.getLogger(FetcherProcess.class);

  /** How often progress is logged and overdue leases are looked for. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  /** One fetcher process owns all shards for now, so there is one partition. */
  private static final int PARTITION = 0;

  private static final String STORAGE_FAILED = "storage-failed";

  private final ProcessBase base;
  private final Frontier frontier;
  private final Handover handover;
  private final Fetcher fetcher;
  private final FetcherStatus status;

  private FetcherProcess(
      ProcessBase base,
      Frontier frontier,
      Handover handover,
      Fetcher fetcher,
      FetcherStatus status) {
    this.base = base;
    this.frontier = frontier;
    this.handover = handover;
    this.fetcher = fetcher;
    this.status = status;
  }

  /**
   * Runs the process from start to report.
   *
   * @throws CannotStart when the user must mend something first
   * @throws InterruptedException when the main thread is interrupted, which nothing here does
   */
  public static ExitCode run(SluiceConfig config, ProcessOptions options)
      throws CannotStart, InterruptedException {
    DescriptorLimit limit = DescriptorLimit.ofFetcher(config);
    ProcessBase base = ProcessBase.open(limit, options);
    Optional<FetcherProcess> started = base.started(unwind -> open(base, unwind));
    if (started.isEmpty()) {
      return base.leaveUnstarted();
    }
    FetcherProcess process = started.get();
    String reason = process.crawl();
    ExitCode exit = base.leave(process.shutdown(), reason, process.status);
    return reason.equals(STORAGE_FAILED) && exit == ExitCode.CLEAN ? ExitCode.FORCED : exit;
  }

  private static FetcherProcess open(ProcessBase base, ResourceScope unwind)
      throws CannotStart, IOException, InterruptedException, RedisUnavailableException {
    SluiceConfig config = base.config();
    checkFixedKeys(base);
    Health.Check ready = base.health().check(NAME);
    FetcherStatus status = new FetcherStatus(base);
    AdminServer admin = base.serve(status);
    RedisPool redis = base.redis();
    Ledger ledger = base.ledger();
    MeterRegistry registry = base.registry();

    Frontier frontier = unwind.own(Frontier.open(config, base.files().dir(), ledger, registry));
    // Seeds before recovery: their domains may be the scope that recovered links are judged by.
    OfferCounts seeds = Seeds.offer(config.crawl(), frontier, ledger, base.stop());
    log.info(
        "seeds: {} new, {} known, {} refused", seeds.accepted(), seeds.seen(), seeds.refused());
    Handover handover =
        unwind.own(
            Handover.open(
                redis,
                new PartitionKeys(PARTITION),
                frontier,
                ledger,
                registry,
                InstantSource.system()));
    handover.recover(frontier, base.stop().asked().toCompletableFuture());
    Fetcher fetcher =
        unwind.own(
            Fetcher.open(config, frontier, frontier.addresses(), handover, ledger, registry));
    status.watch(frontier);
    base.announce(admin);
    ready.ready();
    return new FetcherProcess(base, frontier, handover, fetcher, status);
  }

  /** What a crawl directory fixes must not differ from the config; a new one is marked. */
  private static void checkFixedKeys(ProcessBase base) throws CannotStart, IOException {
    FixedKeys now = FixedKeys.of(base.config());
    Optional<FixedKeys> fixed = FixedKeys.read(base.files().dir(), base.files().brief());
    if (fixed.isEmpty()) {
      now.write(base.files().dir(), base.files().brief());
      return;
    }
    List<Problem> refused = fixed.get().refused(now, base.files().dir().toString());
    if (!refused.isEmpty()) {
      throw new CannotStart(refused.stream().map(Problem::toString).toList());
    }
  }

  /** Crawls until the end or a wish to stop; returns which. */
  private String crawl() throws InterruptedException {
    frontier.finished().whenComplete(this::end);
    if (!base.stop().isAsked()) {
      frontier.start(fetcher);
      log.info("crawling");
    }
    Optional<String> reason = base.stop().await(LOOK_EVERY);
    while (reason.isEmpty()) {
      log.info("{}", status.line());
      reissueOverdue();
      reason = base.stop().await(LOOK_EVERY);
    }
    return reason.get();
  }

  /** Leases whose outcome is overdue are issued again once no parser can commit them any more. */
  private void reissueOverdue() throws InterruptedException {
    try {
      List<LeaseId> overdue = await(frontier.overdue());
      if (!overdue.isEmpty()) {
        Collection<LeaseId> revoked = handover.revoke(overdue);
        await(frontier.giveBack(revoked));
        log.warn(
            "{} leases were overdue, {} of them are issued again", overdue.size(), revoked.size());
      }
    } catch (RedisLostException e) {
      log.debug("overdue leases wait for Redis", e);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("overdue leases cannot be looked after now: {}", e.toString());
    }
  }

  private static <T> T await(CompletionStage<T> stage)
      throws InterruptedException, ExecutionException, TimeoutException {
    return stage.toCompletableFuture().get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void end(@Nullable EndReason reason, @Nullable Throwable failure) {
    if (reason == null) {
      log.error(
          "the frontier's storage failed: {}; mend that and run again",
          failure == null ? "unknown" : failure.getMessage());
      base.stop().ask(STORAGE_FAILED);
    } else {
      base.stop().ask(reason.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
  }

  private ShutdownSequence shutdown() {
    base.health().check(NAME).notReady("stopping");
    return base.shutdown()
        .stage(frontier)
        .stage(fetcher)
        .stage(handover)
        .leases(this::leaseSums)
        .build();
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
