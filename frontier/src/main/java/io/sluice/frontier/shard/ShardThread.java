package io.sluice.frontier.shard;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.frontier.FrontierException;
import io.sluice.frontier.FrontierStats;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard, its thread and its mailbox. The mailbox is bounded by credit: each lease causes a
 * handful of messages, and callers that offer URLs wait for the answer. Thread-safe: each call
 * sends a message.
 */
public final class ShardThread {

  private static final Logger log = LoggerFactory.getLogger(ShardThread.class);

  /** Maximum number of messages handled in one turn. */
  private static final int BATCH = 1024;

  private final Shard shard;
  private final Ledger ledger;
  private final Consumer<Throwable> onFailure;
  private final LinkedBlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
  private final Thread thread;

  /** The messages of the current turn; if the turn fails, the unanswered ones are refused. */
  private final List<Message> batch = new ArrayList<>();

  private volatile boolean over;
  private volatile Throwable why = new IllegalStateException("the frontier is closed");

  private ShardThread(int number, Shard shard, Ledger ledger, Consumer<Throwable> onFailure) {
    this.shard = shard;
    this.ledger = ledger;
    this.onFailure = onFailure;
    this.thread = Thread.ofPlatform().name("shard-" + number).unstarted(this::run);
  }

  /**
   * Recovers a shard; {@link #begin} starts it.
   *
   * @param onFailure called, on the shard's thread, when the shard has failed
   * @throws io.sluice.frontier.journal.DamagedFileException if the shard's files are damaged
   */
  public static ShardThread recover(
      ShardFiles files, ShardContext context, Consumer<Throwable> onFailure) throws IOException {
    Shard shard = new Shard(files.shard(), ShardStore.recover(files), context);
    return new ShardThread(files.shard(), shard, files.ledger(), onFailure);
  }

  /** The leases that were out when the shard was recovered; call it before {@link #begin}. */
  public List<LeaseId> leasesOut() {
    return shard.leasesOut();
  }

  /** Starts the thread. */
  public void begin() {
    thread.start();
  }

  /** Sends a message; refuses it if the shard is closed. */
  public void send(Message message) {
    mailbox.add(message);
    if (over) {
      refuseAll();
    }
  }

  /** The shard's figures at the end of its last turn. */
  public FrontierStats snapshot() {
    return shard.snapshot();
  }

  /** Requests a checkpoint and the end of the thread. */
  public void close() {
    send(new Message.Close(new CompletableFuture<>()));
  }

  /** Waits for the thread to end; returns whether it ended before the deadline. */
  public boolean join(Deadline deadline) throws InterruptedException {
    return deadline.join(thread);
  }

  /** The thread; empty unless it is running. */
  public Optional<Thread> alive() {
    return Optional.of(thread).filter(Thread::isAlive);
  }

  /** Closes the files of a shard that was never started. */
  public void abandon() throws IOException {
    shard.close();
  }

  private void run() {
    try (Ledger.Entry _ = ledger.enter(ResourceKind.THREAD, "frontier.shard")) {
      work();
    } catch (Throwable failure) { // any failure is as final as one of the disk
      fail(failure);
    } finally {
      over = true;
      refuseAll();
    }
  }

  private void work() throws IOException, InterruptedException {
    while (!shard.closed()) {
      Message first = mailbox.poll(shard.untilNextTurn(), TimeUnit.NANOSECONDS);
      if (first != null) {
        batch.add(first);
        mailbox.drainTo(batch, BATCH - 1);
      }
      shard.turn(batch);
      batch.clear();
    }
  }

  private void fail(Throwable failure) {
    FrontierException named =
        new FrontierException(
            thread.getName() + ": cannot go on: " + failure.getMessage(), failure);
    why = named;
    if (failure instanceof IOException) {
      log.warn("{}", named.getMessage(), failure); // the callback reports it to the user
    } else {
      log.error("{}", named.getMessage(), failure);
    }
    onFailure.accept(named);
    shard.fail(named);
    batch.forEach(message -> message.refuse(named)); // has no effect on messages already answered
    try {
      shard.close();
    } catch (IOException | RuntimeException e) {
      log.warn("{}: closing its files failed too", thread.getName(), e);
    }
  }

  private void refuseAll() {
    for (Message message = mailbox.poll(); message != null; message = mailbox.poll()) {
      message.refuse(why);
    }
  }
}
