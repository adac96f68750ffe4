package io.sluice.parser.worker;

import io.sluice.core.config.ParserSettings;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.Page;
import io.sluice.core.message.RecordOnly;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.stream.Batch;
import io.sluice.core.stream.CommitResult;
import io.sluice.core.stream.Delivery;
import io.sluice.core.stream.Finished;
import io.sluice.core.stream.NoEpochException;
import io.sluice.core.stream.PageConsumer;
import io.sluice.core.stream.PartitionOwner;
import io.sluice.core.stream.Session;
import io.sluice.core.stream.SlotRecord;
import io.sluice.parser.node.ParserNode;
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
 * until it is stopped, and seals its files. While Redis is away, it waits; a commit is retried
 * until Redis answers, since only the answer shows how much of the files counts. Confined to its
 * thread, except for {@link #stop} and {@link #abandon}.
 */
final class ParserWorker {

  private static final Logger log = LoggerFactory.getLogger(ParserWorker.class);

  /** How long a read blocks, and thus the longest delay before a stop is noticed. */
  private static final Duration IDLE_WAIT = Duration.ofMillis(200);

  private final Slot slot;
  private final ParserSettings settings;
  private final PageConsumer consumer;
  private final PageParser parser;
  private final SlotRecovery recovery;
  private final SlotOutput output;
  private final ParserMetrics metrics;
  private final PageWatch watch;
  private final ParserNode node;
  private final StreamDrain drain;
  private final LongSupplier nanoTime;
  private final OfferedLinks offered = new OfferedLinks();
  private final Outcomes outcomes;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile boolean abandoned;
  private @Nullable Session session;
  private boolean redisAway;

  /** Borrows all parameters; the caller closes them once the worker has ended. */
  ParserWorker(
      Slot slot, PageConsumer consumer, PageParser parser, PageWatch watch, WorkerParts parts)
      throws IOException {
    this.slot = slot;
    this.settings = parts.config().parser();
    this.consumer = consumer;
    this.parser = parser;
    this.recovery = parts.recovery();
    this.output = parts.output(slot, new Records());
    this.metrics = parts.metrics();
    this.watch = watch;
    this.node = parts.node();
    this.drain = parts.drain();
    this.nanoTime = parts.nanoTime();
    this.outcomes = new Outcomes(offered, metrics);
  }

  /**
   * Ends the worker after the current batch or, if the whole crawl stops, once the stream is empty.
   * Thread-safe.
   */
  void stop() {
    stop.countDown();
  }

  /** Stops waiting for Redis; uncommitted data is left to a recovery. Thread-safe. */
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
   * @throws RedisLostException if Redis was lost when the worker could not wait for it: a failure,
   *     since its work is left undone
   */
  void run() throws IOException {
    try (output) {
      if (!recover()) {
        log.warn(
            "worker {} is stopping while Redis is unavailable; its files will be sealed later",
            slot.name());
        return;
      }
      while (!stopping()) {
        round(IDLE_WAIT);
      }
      drainStream();
      seal();
    } catch (RedisLostException e) {
      if (!abandoned) {
        throw e;
      }
      log.warn(
          "worker {} is stopping while Redis is unavailable; its files will be sealed later",
          slot.name());
    }
  }

  /**
   * Brings the slot to the state that Redis records, even if a stop was requested first. Returns
   * false if Redis was away until the stop; then nothing may be written to the slot.
   */
  private boolean recover() throws IOException {
    do {
      try {
        recovery.recover(slot, consumer.recorded(slot.name()));
        return true;
      } catch (RedisLostException e) {
        awaitRedis(e);
      }
    } while (!stopping());
    return false;
  }

  /**
   * If the whole crawl stops, reads on until the stream is empty and no more pages can arrive, or
   * until time is up. A parser that is stopped alone leaves the remaining pages to others.
   */
  private void drainStream() throws IOException {
    try {
      long pages = Long.MAX_VALUE;
      while (pages > 0 && drain.goesOn() && !abandoned) {
        PartitionOwner.State fetcher =
            drain.isOrdered() ? PartitionOwner.State.STOPPED : consumer.fetcherState();
        if (fetcher == PartitionOwner.State.RUNNING) {
          break;
        }
        drain.begin();
        boolean last = fetcher == PartitionOwner.State.STOPPED;
        // An empty batch may also mean that another worker holds a page that must be parsed alone.
        boolean waits = !last || pages < Long.MAX_VALUE;
        if (!round(waits ? IDLE_WAIT : Duration.ZERO) && last && !redisAway) {
          pages = consumer.resting();
        }
      }
      drain.left(consumer.resting());
    } catch (RedisLostException e) {
      log.debug("worker {} could not drain: {}", slot.name(), e.getMessage());
    }
  }

  /** Reads and processes one batch; returns false if there was none. */
  private boolean round(Duration wait) throws IOException {
    output.verify(); // notices deleted files even if no pages arrive
    Batch batch;
    try {
      batch = consumer.read(settings.batchPages(), settings.batchBytes(), wait);
    } catch (RedisLostException e) {
      awaitRedis(e);
      return false;
    }
    redisAway = false;
    if (!batch.session().equals(session)) {
      begin(batch.session());
    }
    if (batch.deliveries().isEmpty()) {
      return false;
    }
    if (output.prepare()) {
      work(batch);
    } else {
      drop(CommitFailure.STALE_EPOCH);
    }
    return true;
  }

  /**
   * Starts a session, since Redis may have lost data: cuts the files to its records, and forgets
   * the offered links.
   */
  private void begin(Session found) throws IOException {
    if (session != null) {
      log.info(
          "worker {}: Redis restarted or lost data; the files are cut to what Redis has on record",
          slot.name());
    }
    offered.clear();
    session = found;
    resync();
  }

  /** Parses a batch, adds pages until it is full or its time is up, and commits it. */
  private void work(Batch first) throws IOException {
    KillPoint.BATCH_READ.reached();
    long endNanos = nanoTime.getAsLong() + settings.batchTime().toNanos();
    List<Finished> finished = new ArrayList<>();
    long bytes = 0;
    long links = 0; // in characters: a page's links may be longer than the page
    List<Delivery> deliveries = first.deliveries();
    while (!deliveries.isEmpty()) {
      for (Delivery delivery : deliveries) {
        if (abandoned()) {
          throw new RedisLostException("the worker was cut short");
        }
        if (links >= settings.batchBytes()) {
          if (!commitAhead(finished)) {
            return; // the rest of the batch is redelivered
          }
          finished.clear();
          links = 0;
        }
        Finished done = finish(delivery);
        finished.add(done);
        bytes += delivery.content().body().size();
        links += linkCharacters(done.outcome());
      }
      long leftNanos = endNanos - nanoTime.getAsLong();
      boolean full =
          finished.size() >= settings.batchPages() || bytes + links >= settings.batchBytes();
      if (full || first.alone() || stopping() || leftNanos <= 0) {
        break;
      }
      deliveries = more(finished.size(), bytes, Duration.ofNanos(leftNanos));
    }
    var _ = commit(finished);
  }

  /** Commits the first part of a batch before the rest is parsed; returns whether to continue. */
  private boolean commitAhead(List<Finished> finished) throws IOException {
    if (!commit(finished)) {
      return false;
    }
    if (!output.prepare()) {
      drop(CommitFailure.STALE_EPOCH);
      return false;
    }
    return true;
  }

  /** Further pages for the current batch; none if Redis is away or the session has changed. */
  private List<Delivery> more(int pages, long bytes, Duration wait) {
    try {
      Batch batch =
          consumer.read(settings.batchPages() - pages, settings.batchBytes() - bytes, wait);
      // If the session has changed, the commit is refused and everything is redelivered.
      return batch.session().equals(session) ? batch.deliveries() : List.of();
    } catch (RedisLostException e) {
      return List.of();
    }
  }

  private static long linkCharacters(@Nullable Outcome outcome) {
    return outcome == null ? 0 : outcome.links().stream().mapToLong(String::length).sum();
  }

  private Finished finish(Delivery delivery) throws IOException {
    watch.begin(delivery.content().url());
    return switch (delivery.content()) {
      case Page page -> new Finished(delivery.entryId(), finish(page));
      case RecordOnly entry -> {
        output.append(entry);
        var _ = watch.end();
        yield new Finished(delivery.entryId(), null);
      }
    };
  }

  private Outcome finish(Page page) throws IOException {
    KillPoint.PARSING.reached();
    ParsedPage parsed = parser.parse(page);
    output.append(parsed);
    long nanos = watch.end();
    metrics.parsed(parsed, nanos, nanos > settings.pageTimeout().toNanos());
    return outcomes.of(parsed);
  }

  /** Commits pages whose output is written; returns whether Redis accepted them. */
  private boolean commit(List<Finished> finished) throws IOException {
    SlotRecord written = output.endBatch();
    KillPoint.OUTPUT_SYNCED.reached();
    switch (answered(written, finished)) {
      case CommitResult.Committed() -> {
        KillPoint.COMMITTED.reached();
        output.committed().forEach(metrics::wrote);
        offered.commit();
        metrics.committed(finished);
        if (output.full()) {
          seal();
        }
        return true;
      }
      case CommitResult.StaleEpoch() -> drop(CommitFailure.STALE_EPOCH);
      case CommitResult.NotOurs() -> drop(CommitFailure.NOT_OURS);
    }
    return false;
  }

  /**
   * Retries the commit until Redis answers. The files must not be cut before: the commit may be in
   * flight.
   */
  private CommitResult answered(SlotRecord record, List<Finished> finished) throws IOException {
    Session read = session;
    if (read == null) {
      return new CommitResult.StaleEpoch();
    }
    node.bind(read.crawl());
    while (true) {
      try {
        return consumer.commit(read, record, finished, IDLE_WAIT);
      } catch (RedisLostException e) {
        metrics.commitFailed(CommitFailure.REDIS_LOST);
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
   * Whether Redis lost its data during a stop: then there may be no new epoch until the stop ends.
   */
  private boolean forgotten(RedisLostException e) {
    return e instanceof NoEpochException && stopping();
  }

  /** Drops a batch that Redis refused: cuts it from the files; it is redelivered. */
  private void drop(CommitFailure failure) throws IOException {
    log.info("worker {} dropped a batch: {}", slot.name(), failure.word());
    metrics.commitFailed(failure);
    offered.forgetBatch();
    consumer.drop();
    resync();
  }

  /** Cuts the files to the lengths that Redis records, as soon as it answers. */
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
      drop(CommitFailure.STALE_EPOCH);
    }
  }

  private void awaitRedis(RedisLostException e) {
    if (!redisAway) {
      log.info("worker {} is waiting for Redis: {}", slot.name(), e.getMessage());
      redisAway = true;
    }
    try {
      if (stopping()) {
        Thread.sleep(IDLE_WAIT);
      } else if (stop.await(IDLE_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("worker {} was stopped while waiting", slot.name());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      abandon();
    }
  }

  /** This worker's record in Redis. */
  private final class Records implements SlotRegistry {

    @Override
    public boolean record(SlotRecord record) throws IOException {
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
