package io.sluice.parser.worker;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.stream.NotAdmittedException;
import io.sluice.core.stream.PageConsumer;
import io.sluice.parser.slot.Slot;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker with its thread and everything it owns: slot, consumer, parser. The thread closes them
 * when the worker ends, however it ends. Thread-safe.
 */
final class WorkerThread {

  private static final Logger log = LoggerFactory.getLogger(WorkerThread.class);

  private final WorkerParts parts;
  private final Slot slot;
  private final PageConsumer consumer;
  private final PageParser parser;
  private final PageWatch watch;
  private final ParserWorker worker;
  private final WorkerFailures failures;
  private final Ledger.Entry entry;
  private final Thread thread;

  private WorkerThread(
      WorkerParts parts,
      Slot slot,
      PageConsumer consumer,
      PageParser parser,
      WorkerFailures failures)
      throws IOException {
    this.parts = parts;
    this.slot = slot;
    this.consumer = consumer;
    this.parser = parser;
    this.failures = failures;
    this.watch = new PageWatch(parts.nanoTime());
    this.worker = new ParserWorker(slot, consumer, parser, watch, parts);
    this.entry = parts.ledger().enter(ResourceKind.THREAD, "parser.worker");
    this.thread = Thread.ofPlatform().name("parser-" + slot.name()).unstarted(this::work);
  }

  /** Claims a slot and creates a worker for it; {@link #start} starts its thread. */
  static WorkerThread open(WorkerParts parts, WorkerFailures failures) throws IOException {
    Slot slot = parts.slots().claim();
    PageParser parser = parts.parser();
    PageConsumer consumer = parts.consumer(slot.name());
    try {
      return new WorkerThread(parts, slot, consumer, parser, failures);
    } catch (IOException | RuntimeException e) {
      consumer.close();
      parser.close();
      parts.slots().release(slot);
      throw e;
    }
  }

  void start() {
    thread.start();
  }

  PageWatch watch() {
    return watch;
  }

  void stop() {
    worker.stop();
  }

  /** Cuts the worker short: it stops waiting and leaves uncommitted data to a recovery. */
  void abandon() {
    worker.abandon();
    thread.interrupt();
  }

  /** Waits for the worker to end; returns false if it does not in time. */
  boolean await(Deadline deadline) {
    try {
      return deadline.join(thread);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether the worker has ended or was cut short. */
  boolean toldToEnd() {
    return worker.abandoned() || !thread.isAlive();
  }

  /** The thread, while it runs. */
  Optional<Thread> alive() {
    return Optional.of(thread).filter(Thread::isAlive);
  }

  /**
   * Logs that the worker hangs. Its slot stays locked and its files open, since only its own thread
   * may close them; the operating system does so when the process ends, and a recovery cuts
   * uncommitted data.
   */
  void leaveBehind() {
    log.error("worker {} is hanging on {} and is left behind", slot.name(), watch);
  }

  private void work() {
    try {
      sealAbandoned();
      worker.run();
    } catch (IOException | RuntimeException | Error e) {
      if (worker.abandoned() && !WorkerFailures.ofStorage(e)) {
        log.info("worker {} was cut short; its files will be sealed later", slot.name(), e);
      } else {
        if (mayBeThePages(e)) {
          consumer.keepStrike();
        }
        failures.add(slot.name(), e);
      }
    } finally {
      release();
    }
  }

  /**
   * Whether the current page may have caused the failure, for instance a full heap; it does not
   * cause failures of disk or Redis.
   */
  private static boolean mayBeThePages(Throwable failure) {
    return !(failure instanceof IOException
        || failure instanceof RedisLostException
        || failure instanceof NotAdmittedException);
  }

  /** Seals the slots of killed workers, except those that another worker or process takes first. */
  private void sealAbandoned() throws IOException {
    try {
      parts.abandoned().seal();
    } catch (RedisLostException e) {
      log.warn("output of earlier parsers will be sealed at a later start: {}", e.getMessage());
    }
  }

  private void release() {
    try {
      close();
    } catch (IOException e) {
      failures.add(slot.name(), e);
    }
  }

  /** Closes the resources of a worker that was never started; adds failures to {@code cause}. */
  void closeUnstarted(Exception cause) {
    try {
      close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Closes in reverse order: the consumer carries the slot's name, so the slot's lock is released
   * after it.
   */
  @SuppressWarnings("try") // the resources are only closed
  private void close() throws IOException {
    try (entry;
        Held held = () -> parts.slots().release(slot);
        parser;
        consumer) {
      log.debug("worker {} is closing", slot.name());
    }
  }

  /** A slot to be released. */
  private interface Held extends AutoCloseable {
    @Override
    void close() throws IOException;
  }
}
