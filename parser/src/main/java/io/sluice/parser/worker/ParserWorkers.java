package io.sluice.parser.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.RunningTime;
import io.sluice.core.lifecycle.Stage;
import io.sluice.core.redis.RedisCondition;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.resource.Ledger;
import io.sluice.core.stream.Isolation;
import io.sluice.core.stream.Membership;
import io.sluice.core.stream.PartitionOwner;
import io.sluice.parser.node.ParserNode;
import io.sluice.parser.slot.OutputDirs;
import io.sluice.parser.slot.Slots;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parser process's stage: {@code parser.threads} workers, each with a thread, a connection and
 * an output slot, and a watchdog over them. Thread-safe: called on the process's main and shutdown
 * threads; its state is in the workers.
 */
public final class ParserWorkers implements Stage {

  private static final Duration CLOSE_WAIT = Duration.ofSeconds(3);

  /** How long to wait for workers that were interrupted at the end of a drain. */
  private static final Duration AFTER_DRAIN_WAIT = Duration.ofMillis(200);

  /** Minimum time for the current batches, even if the deadline passed while pages were read. */
  private static final Duration LAST_BATCH = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(ParserWorkers.class);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final RedisPool pool;
  private final Membership membership;
  private final List<WorkerThread> workers;
  private final StreamDrain drain;
  private final Watchdog watchdog;
  private final WorkerFailures failures;

  private ParserWorkers(
      WorkerParts parts, List<WorkerThread> workers, Watchdog watchdog, WorkerFailures failures) {
    this.pool = parts.pool();
    this.membership = parts.membership();
    this.workers = List.copyOf(workers);
    this.drain = parts.drain();
    this.watchdog = watchdog;
    this.failures = failures;
  }

  /**
   * Claims output slots and starts the workers, which wait for Redis and a fetcher by themselves.
   *
   * @param config the crawl's settings
   * @param node the name by which other processes know these workers
   * @param pool borrowed; each worker takes one exclusive connection from it, named {@link
   *     ParserNode#clientName}
   * @param ledger where threads and files are entered; borrowed
   * @param registry where the counters are registered; borrowed
   * @throws IOException if the output directories cannot be used
   */
  public static ParserWorkers open(
      SluiceConfig config, ParserNode node, RedisPool pool, Ledger ledger, MeterRegistry registry)
      throws IOException {
    return open(
        config,
        node,
        pool,
        ledger,
        registry,
        RunningTime.watchedAlways(), // by the watchdog
        () -> Runtime.getRuntime().halt(ExitCode.FORCED.status()));
  }

  /**
   * Like the other {@code open}, with a given clock and last resort.
   *
   * @param lastResort ends the process at once, because a worker hangs on a page
   */
  static ParserWorkers open(
      SluiceConfig config,
      ParserNode node,
      RedisPool pool,
      Ledger ledger,
      MeterRegistry registry,
      LongSupplier nanoTime,
      Runnable lastResort)
      throws IOException {
    OutputDirs dirs = OutputDirs.of(config.crawl().dir(), ledger);
    Slots slots = new Slots(dirs, node.name(), ledger);
    int threads = config.parser().threads();
    WorkerParts parts =
        new WorkerParts(
            config,
            pool,
            node,
            node.membership(),
            new Isolation(threads),
            slots,
            dirs,
            ledger,
            registry,
            new ParserMetrics(registry),
            new StreamDrain(),
            nanoTime);
    WorkerFailures failures = new WorkerFailures();
    List<WorkerThread> workers = new ArrayList<>();
    try {
      for (int i = 0; i < threads; i++) {
        workers.add(WorkerThread.open(parts, failures));
      }
    } catch (IOException | RuntimeException e) {
      for (WorkerThread worker : workers) {
        worker.closeUnstarted(e);
      }
      throw e;
    }
    Watchdog watchdog =
        Watchdog.start(
            workers.stream().map(WorkerThread::watch).toList(),
            config.parser().pageTimeout().multipliedBy(2),
            ledger,
            lastResort);
    workers.forEach(WorkerThread::start);
    return new ParserWorkers(parts, workers, watchdog, failures);
  }

  /**
   * Cuts and seals the files of slots that no process holds, left behind by killed parsers. To be
   * called at the end of a crawl, when its parsers have ended.
   *
   * @param crawlDir the crawl's directory
   * @param node the directory's node
   * @return the number of slots that had files
   * @throws io.sluice.core.redis.RedisLostException if Redis does not answer
   * @throws io.sluice.core.stream.NotAdmittedException if the partition belongs to another crawl
   */
  public static int sealAbandoned(
      Path crawlDir, ParserNode node, RedisPool pool, Ledger ledger, MeterRegistry registry)
      throws IOException {
    OutputDirs dirs = OutputDirs.of(crawlDir, ledger);
    Slots slots = new Slots(dirs, node.name(), ledger);
    return new AbandonedSlots(slots, dirs, pool, node.membership(), new ParserMetrics(registry))
        .seal();
  }

  /**
   * Lets the workers continue until the fetcher reports that it is stopping, for at most {@code
   * bound}: if all processes of a crawl are told to stop at once, a parser may be told first.
   * Returns at once if Redis is known to be away.
   */
  public void awaitFetcherStop(Deadline bound) throws InterruptedException {
    try {
      boolean left = !bound.passed();
      while (left
          && pool.condition() instanceof RedisCondition.Well
          && membership.fetcherState(pool) == PartitionOwner.State.RUNNING) {
        left = bound.pause(LOOK);
      }
    } catch (RedisLostException e) {
      log.debug("the fetcher's state is unknown: {}", e.getMessage());
    }
  }

  /**
   * Notifies the workers that the supervisor is stopping the whole crawl: they read until the
   * stream is empty before they end, for at most {@code bound}, regardless of the fetcher's state.
   * Must be called before {@link #stopIntake}; without it, the workers read on only if the fetcher
   * has reported that it is stopping. Thread-safe.
   */
  public void drainStream(Duration bound) {
    drain.order(bound);
  }

  /**
   * The number of pages that the workers left in the stream when they ended; empty before that, or
   * if Redis did not answer.
   */
  public OptionalLong resting() {
    return drain.resting();
  }

  /**
   * Completes when a worker has failed, for instance because the disk is full; the process should
   * then stop.
   */
  public CompletionStage<Throwable> failure() {
    return failures.first();
  }

  @Override
  public List<String> failures() {
    return failures.lines();
  }

  @Override
  public String name() {
    return "parser";
  }

  @Override
  public void stopIntake() {
    workers.forEach(WorkerThread::stop);
  }

  /** Nothing is queued here: unread pages stay in Redis. */
  @Override
  public int cancelPending() {
    return 0;
  }

  /**
   * Waits for the workers. Those that drain the stream read on for three quarters of the time, and
   * then commit their batches; the remaining pages stay in the stream.
   */
  @Override
  public Drained drain(Deadline deadline) {
    stopIntake();
    Deadline reading = drain.reading(deadline);
    workers.forEach(worker -> worker.await(reading));
    drain.end();
    boolean late = drain.begun() && deadline.left().compareTo(LAST_BATCH) < 0;
    Deadline last = late ? Deadline.in(LAST_BATCH) : deadline;
    int completed = 0;
    int forced = 0;
    for (WorkerThread worker : workers) {
      if (worker.await(last)) {
        completed++;
      } else {
        forced++;
        worker.abandon();
      }
    }
    return new Drained(completed, forced);
  }

  @Override
  public void close() {
    drain.end();
    boolean drained = workers.stream().allMatch(WorkerThread::toldToEnd);
    Deadline deadline = Deadline.in(drained ? AFTER_DRAIN_WAIT : CLOSE_WAIT);
    for (WorkerThread worker : workers) {
      worker.abandon();
    }
    for (WorkerThread worker : workers) {
      if (!worker.await(deadline)) {
        worker.leaveBehind();
      }
    }
    watchdog.close();
  }

  @Override
  public List<Thread> leftBehind() {
    return workers.stream().flatMap(worker -> worker.alive().stream()).toList();
  }
}
