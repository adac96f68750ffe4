package io.sluice.parser.worker;

import io.sluice.core.config.ParserSettings;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.redis.Batch;
import io.sluice.core.redis.CommitResult;
import io.sluice.core.redis.Delivery;
import io.sluice.core.redis.Finished;
import io.sluice.core.redis.NoEpochException;
import io.sluice.core.redis.PageConsumer;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.Session;
import io.sluice.core.redis.SlotRecord;
import io.sluice.parser.sink.ParsedPage;
import io.sluice.parser.slot.Slot;
import io.sluice.parser.slot.SlotOutput;
import io.sluice.parser.slot.SlotRecovery;
import io.sluice.parser.slot.SlotRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker: recovers its slot, then reads, parses, writes, syncs and commits batch after batch
 * until it is stopped, and seals its files. While Redis is away it waits; a commit is repeated
 * until it is answered, since only the answer tells what the files may keep. Confined to its thread
 * but for {@link #stop} and {@link #abandon}.
 */
final class ParserWorker {

  private static final Logger LOG = LoggerFactory.getLogger(ParserWorker.class);

  /** How long a read waits: how late a stop may be noticed. */
  private static final Duration IDLE_WAIT = Duration.ofMillis(200);

  private final Slot slot;
  private final ParserSettings settings;
  private final PageConsumer consumer;
  private final PageParser parser;
  private final SlotRecovery recovery;
  private final SlotOutput output;
  private final ParserMetrics metrics;
  private final PageWatch watch;
  private final LongSupplier nanoTime;
  private final OfferedLinks offered = new OfferedLinks();
  private final Outcomes outcomes;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile boolean abandoned;
  private @Nullable Session session;
  private boolean redisAway;

  /** All is borrowed; whoever runs the worker closes it afterwards. */
  ParserWorker(
      Slot slot,
      ParserSettings settings,
      PageConsumer consumer,
      PageParser parser,
      SlotRecovery recovery,
      OutputFactory outputs,
      ParserMetrics metrics,
      PageWatch watch,
      LongSupplier nanoTime)
      throws IOException {
    this.slot = slot;
    this.settings = settings;
    this.consumer = consumer;
    this.parser = parser;
    this.recovery = recovery;
    this.output = outputs.open(slot, new Records());
    this.metrics = metrics;
    this.watch = watch;
    this.nanoTime = nanoTime;
    this.outcomes = new Outcomes(offered, metrics);
  }

  /** Opens the output of a slot. */
  interface OutputFactory {
    SlotOutput open(Slot slot, SlotRegistry registry) throws IOException;
  }

  /** Lets the batch in hand be the last. Thread-safe. */
  void stop() {
    stop.countDown();
  }

  /** Gives up waiting for Redis; what is not committed is left to a recovery. Thread-safe. */
  void abandon() {
    abandoned = true;
    stop.countDown();
  }

  /** Whether the worker was cut short. Thread-safe. */
  boolean abandoned() {
    return abandoned;
  }

  private boolean stopping() {
    return stop.getCount() == 0;
  }

  /**
   * Works until it is stopped.
   *
   * @throws IOException if the disk failed: the process must end
   * @throws RedisLostException never while it may wait: a worker that ends without having been cut
   *     short is a failure, since nobody would do its work
   */
  void run() throws IOException {
    try (output) {
      recover();
      while (!stopping()) {
        round();
      }
      seal();
    } catch (RedisLostException e) {
      if (!abandoned) {
        throw e;
      }
      LOG.warn("Worker {} stops while Redis is away; its files are sealed later", slot.name());
    }
  }

  private void recover() throws IOException {
    while (!stopping()) {
      try {
        recovery.recover(slot, consumer.recorded(slot.name()));
        return;
      } catch (RedisLostException e) {
        awaitRedis(e);
      }
    }
  }

  private void round() throws IOException {
    Batch batch;
    try {
      batch = consumer.read(settings.batchPages(), settings.batchBytes(), IDLE_WAIT);
    } catch (RedisLostException e) {
      awaitRedis(e);
      return;
    }
    redisAway = false;
    if (!batch.session().equals(session)) {
      begin(batch.session());
    }
    if (batch.deliveries().isEmpty()) {
      return;
    }
    if (output.prepare()) {
      work(batch);
    } else {
      drop("stale-epoch");
    }
  }

  /** Redis may have lost data: the files follow it, and nothing counts as offered. */
  private void begin(Session found) throws IOException {
    if (session != null) {
      LOG.info("Worker {}: Redis lost data or restarted; files follow its record", slot.name());
    }
    offered.clear();
    session = found;
    resync();
  }

  /** Parses a batch and what comes until it is full or its time is up, then commits. */
  private void work(Batch first) throws IOException {
    KillPoint.BATCH_READ.reached();
    long endNanos = nanoTime.getAsLong() + settings.batchTime().toNanos();
    List<Finished> finished = new ArrayList<>();
    long bytes = 0;
    List<Delivery> deliveries = first.deliveries();
    while (!deliveries.isEmpty()) {
      for (Delivery delivery : deliveries) {
        if (abandoned()) {
          throw new RedisLostException("cut short");
        }
        finished.add(finish(delivery));
        bytes += delivery.page().body().size();
      }
      long leftNanos = endNanos - nanoTime.getAsLong();
      boolean full = finished.size() >= settings.batchPages() || bytes >= settings.batchBytes();
      if (full || first.alone() || stopping() || leftNanos <= 0) {
        break;
      }
      deliveries = more(finished.size(), bytes, Duration.ofNanos(leftNanos));
    }
    commit(finished);
  }

  /** Further pages for the batch in hand; none where Redis is away or not what it was. */
  private List<Delivery> more(int pages, long bytes, Duration wait) {
    try {
      Batch batch =
          consumer.read(settings.batchPages() - pages, settings.batchBytes() - bytes, wait);
      // With another session the commit is refused, and all is delivered again.
      return batch.session().equals(session) ? batch.deliveries() : List.of();
    } catch (RedisLostException e) {
      return List.of();
    }
  }

  private Finished finish(Delivery delivery) throws IOException {
    watch.begin(delivery.page().url());
    KillPoint.PARSING.reached();
    ParsedPage parsed = parser.parse(delivery.page());
    output.append(parsed);
    long nanos = watch.end();
    boolean failed = !parsed.reason().equals(ParsedPage.OK);
    metrics.parsed(nanos, failed, nanos > settings.pageTimeout().toNanos());
    return new Finished(delivery.entryId(), outcomes.of(parsed));
  }

  private void commit(List<Finished> finished) throws IOException {
    SlotRecord written = output.endBatch();
    KillPoint.OUTPUT_SYNCED.reached();
    switch (answered(written, finished)) {
      case CommitResult.Committed() -> {
        KillPoint.COMMITTED.reached();
        output.committed().forEach(metrics::wrote);
        offered.commit();
        metrics.committed(finished.size());
        if (output.full()) {
          seal();
        }
      }
      case CommitResult.StaleEpoch() -> drop("stale-epoch");
      case CommitResult.NotOurs() -> drop("not-ours");
    }
  }

  /**
   * Commits until Redis answers. Nothing may be cut before it does: the commit may be on its way.
   */
  private CommitResult answered(SlotRecord record, List<Finished> finished) {
    Session read = session;
    if (read == null) {
      return new CommitResult.StaleEpoch();
    }
    while (true) {
      try {
        return consumer.commit(read, record, finished, IDLE_WAIT);
      } catch (RedisLostException e) {
        metrics.commitFailed("redis-lost");
        if (abandoned) {
          throw e;
        }
        if (forgotten(e)) {
          return new CommitResult.StaleEpoch();
        }
        awaitRedis(e);
      }
    }
  }

  /**
   * Whether a stop finds that Redis lost its data: then no epoch may come for as long as it lasts.
   */
  private boolean forgotten(RedisLostException e) {
    return e instanceof NoEpochException && stopping();
  }

  /** Redis refused: the batch is cut from the files and comes again. */
  private void drop(String reason) throws IOException {
    LOG.info("Worker {} drops a batch: {}", slot.name(), reason);
    metrics.commitFailed(reason);
    offered.forgetBatch();
    consumer.drop();
    resync();
  }

  /** Brings the files to what Redis records, as soon as it tells. */
  private void resync() throws IOException {
    while (true) {
      try {
        output.resync();
        return;
      } catch (RedisLostException e) {
        if (abandoned) {
          throw e;
        }
        awaitRedis(e);
      }
    }
  }

  private void seal() throws IOException {
    if (!output.seal()) {
      drop("stale-epoch");
    }
  }

  private void awaitRedis(RedisLostException e) {
    if (!redisAway) {
      LOG.info("Worker {} waits for Redis: {}", slot.name(), e.getMessage());
      redisAway = true;
    }
    try {
      if (stopping()) {
        Thread.sleep(IDLE_WAIT);
      } else if (stop.await(IDLE_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("Worker {} is stopped while it waits", slot.name());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      abandon();
    }
  }

  /** This worker's record in Redis. */
  private final class Records implements SlotRegistry {

    @Override
    public boolean record(SlotRecord record) {
      return answered(record, List.of()) instanceof CommitResult.Committed;
    }

    @Override
    public @Nullable SlotRecord recorded(String name) {
      try {
        return consumer.recorded(name);
      } catch (NoEpochException e) {
        if (forgotten(e)) {
          return null;
        }
        throw e;
      }
    }
  }
}
