package io.sluice.parser.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.Stage;
import io.sluice.core.redis.Isolation;
import io.sluice.core.redis.PartitionKeys;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.resource.Ledger;
import io.sluice.parser.slot.OutputDirs;
import io.sluice.parser.slot.Slots;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * The parser process's stage: {@code parser.threads} workers, each with a thread, a connection and
 * an output slot, and a watchdog over them. Thread-safe: its calls come from the process's main and
 * shutdown threads, its state is in the workers.
 */
public final class ParserWorkers implements Stage {

  private static final int PARTITION = 0;
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(3);

  /** For workers that a drain has waited for and then interrupted. */
  private static final Duration AFTER_DRAIN_WAIT = Duration.ofMillis(200);

  private final List<WorkerThread> workers;
  private final Watchdog watchdog;
  private final CompletableFuture<Throwable> failure;

  private ParserWorkers(
      List<WorkerThread> workers, Watchdog watchdog, CompletableFuture<Throwable> failure) {
    this.workers = List.copyOf(workers);
    this.watchdog = watchdog;
    this.failure = failure;
  }

  /**
   * Claims output slots and starts the workers; they wait for Redis and for a fetcher themselves.
   *
   * @param config the crawl's settings
   * @param pool one connection of it is leased by each worker; borrowed
   * @param ledger where threads and files are entered; borrowed
   * @param registry where the counters are shown; borrowed
   * @throws IOException if the output directories cannot be used
   */
  public static ParserWorkers open(
      SluiceConfig config, RedisPool pool, Ledger ledger, MeterRegistry registry)
      throws IOException {
    return open(
        config,
        pool,
        ledger,
        registry,
        System::nanoTime,
        () -> Runtime.getRuntime().halt(ExitCode.FORCED.status()));
  }

  /**
   * As above, with time and the last resort given.
   *
   * @param lastResort ends the process at once: a worker hangs on a page
   */
  static ParserWorkers open(
      SluiceConfig config,
      RedisPool pool,
      Ledger ledger,
      MeterRegistry registry,
      LongSupplier nanoTime,
      Runnable lastResort)
      throws IOException {
    OutputDirs dirs = OutputDirs.of(config.crawl().dir(), ledger);
    Slots slots = new Slots(dirs, PARTITION, ledger);
    int threads = config.parser().threads();
    WorkerParts parts =
        new WorkerParts(
            config,
            pool,
            new PartitionKeys(PARTITION),
            new Isolation(threads),
            slots,
            dirs,
            ledger,
            registry,
            new ParserMetrics(registry),
            nanoTime);
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    List<WorkerThread> workers = new ArrayList<>();
    try {
      for (int i = 0; i < threads; i++) {
        workers.add(WorkerThread.open(parts, failure));
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
    return new ParserWorkers(workers, watchdog, failure);
  }

  /**
   * Cuts and seals the files of slots that nobody holds: what killed parsers left. For the end of a
   * crawl, when its parsers have ended.
   *
   * @param crawlDir the crawl's directory
   * @return how many slots had files
   * @throws io.sluice.core.redis.RedisLostException if Redis does not answer
   */
  public static int sealAbandoned(
      Path crawlDir, RedisPool pool, Ledger ledger, MeterRegistry registry) throws IOException {
    OutputDirs dirs = OutputDirs.of(crawlDir, ledger);
    Slots slots = new Slots(dirs, PARTITION, ledger);
    return new AbandonedSlots(
            slots, dirs, pool, new PartitionKeys(PARTITION), new ParserMetrics(registry))
        .seal();
  }

  /**
   * Completes when a worker ended by a failure, such as a full disk: the process should stop then.
   */
  public CompletionStage<Throwable> failure() {
    return failure.minimalCompletionStage();
  }

  @Override
  public String name() {
    return "parser";
  }

  @Override
  public void stopIntake() {
    workers.forEach(WorkerThread::stop);
  }

  /** Nothing waits here: what was not read belongs to Redis. */
  @Override
  public int cancelPending() {
    return 0;
  }

  @Override
  public Drained drain(Deadline deadline) {
    stopIntake();
    int completed = 0;
    int forced = 0;
    for (WorkerThread worker : workers) {
      if (worker.await(deadline)) {
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
