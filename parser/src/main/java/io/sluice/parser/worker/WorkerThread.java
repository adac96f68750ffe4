package io.sluice.parser.worker;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.PageConsumer;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.parser.slot.Slot;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker with its thread and all that it owns: slot, consumer, parser. The thread closes them
 * when the worker ends, however it ends. Thread-safe.
 */
final class WorkerThread {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerThread.class);

  private final WorkerParts parts;
  private final Slot slot;
  private final PageConsumer consumer;
  private final PageParser parser;
  private final PageWatch watch;
  private final ParserWorker worker;
  private final CompletableFuture<Throwable> failure;
  private final Ledger.Entry entry;
  private final Thread thread;

  private WorkerThread(
      WorkerParts parts,
      Slot slot,
      PageConsumer consumer,
      PageParser parser,
      CompletableFuture<Throwable> failure)
      throws IOException {
    this.parts = parts;
    this.slot = slot;
    this.consumer = consumer;
    this.parser = parser;
    this.failure = failure;
    this.watch = new PageWatch(parts.nanoTime());
    this.worker =
        new ParserWorker(
            slot,
            parts.config().parser(),
            consumer,
            parser,
            parts.recovery(),
            parts::output,
            parts.metrics(),
            watch,
            parts.nanoTime());
    this.entry = parts.ledger().enter(ResourceKind.THREAD, "parser.worker");
    this.thread = Thread.ofPlatform().name("parser-" + slot.name()).unstarted(this::work);
  }

  /** Claims a slot and makes a worker for it; {@link #start} begins its work. */
  static WorkerThread open(WorkerParts parts, CompletableFuture<Throwable> failure)
      throws IOException {
    Slot slot = parts.slots().claim();
    PageParser parser = parts.parser();
    PageConsumer consumer = parts.consumer(slot.name());
    try {
      return new WorkerThread(parts, slot, consumer, parser, failure);
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

  /** Cuts the worker short: it stops waiting and leaves what is not committed to a recovery. */
  void abandon() {
    worker.abandon();
    thread.interrupt();
  }

  /** Waits for the worker's end; false if it does not come in time. */
  boolean await(Deadline deadline) {
    try {
      return deadline.join(thread);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether the worker has ended, or was cut short before. */
  boolean toldToEnd() {
    return worker.abandoned() || !thread.isAlive();
  }

  /** The thread, while it runs. */
  Optional<Thread> alive() {
    return Optional.of(thread).filter(Thread::isAlive);
  }

  /**
   * Says that the worker hangs. Its slot stays locked and its files open, for only its own thread
   * may close them: the end of the process does, and a recovery cuts what was not committed.
   */
  void leaveBehind() {
    LOG.error("Worker {} hangs on {}: it is left behind", slot.name(), watch);
  }

  private void work() {
    try {
      sealAbandoned();
      worker.run();
    } catch (IOException | RuntimeException | Error e) {
      if (worker.abandoned()) {
        LOG.info("Worker {} was cut short; its files are sealed later", slot.name(), e);
      } else {
        if (mayBeThePages(e)) {
          consumer.keepStrike();
        }
        tell(e, failure.complete(e));
      }
    } finally {
      release();
    }
  }

  /** A disk that fails is told once, in one line; what else fails, with all there is to know. */
  private void tell(Throwable e, boolean first) {
    if (!(e instanceof IOException)) {
      LOG.error("Worker {} failed", slot.name(), e);
    } else if (first) {
      LOG.error("The output cannot be written: {}; mend that and run again", e.getMessage());
      LOG.debug("Worker {} failed", slot.name(), e);
    }
  }

  /** Whether the page in hand may be to blame, as with a full heap; disk and Redis are not its. */
  private static boolean mayBeThePages(Throwable failure) {
    return !(failure instanceof IOException || failure instanceof RedisLostException);
  }

  /** Slots of killed workers; those that another worker or process takes meanwhile are its own. */
  private void sealAbandoned() throws IOException {
    try {
      parts.abandoned().seal();
    } catch (RedisLostException e) {
      LOG.warn("Output of former parsers is sealed at another start: {}", e.getMessage());
    }
  }

  private void release() {
    try {
      close();
    } catch (IOException e) {
      LOG.warn("Slot {} is not released", slot.name(), e);
    }
  }

  /** Closes what a worker owns that never ran; adds failures to {@code cause}. */
  void closeUnstarted(Exception cause) {
    try {
      close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Closes in reverse order: the slot's lock goes after the consumer that bears its name. */
  @SuppressWarnings("try") // the resources are only closed
  private void close() throws IOException {
    try (entry;
        Held held = () -> parts.slots().release(slot);
        parser;
        consumer) {
      LOG.debug("Worker {} closes", slot.name());
    }
  }

  /** Something that is let go. */
  private interface Held extends AutoCloseable {
    @Override
    void close() throws IOException;
  }
}
