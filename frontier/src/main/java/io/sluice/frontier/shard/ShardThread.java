package io.sluice.frontier.shard;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.frontier.FrontierException;
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
 * A shard, its thread and its mailbox. The mailbox is bounded by the credit: a lease has a handful
 * of messages, and who offers waits for the answer. Thread-safe: a call is a message.
 */
public final class ShardThread {

  private static final Logger LOG = LoggerFactory.getLogger(ShardThread.class);

  /** Messages handled in one turn at most. */
  private static final int BATCH = 1024;

  private final Shard shard;
  private final Ledger ledger;
  private final Consumer<Throwable> onFailure;
  private final LinkedBlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean over;
  private volatile Throwable why = new IllegalStateException("the frontier is closed");

  private ShardThread(int number, Shard shard, Ledger ledger, Consumer<Throwable> onFailure) {
    this.shard = shard;
    this.ledger = ledger;
    this.onFailure = onFailure;
    this.thread = Thread.ofPlatform().name("shard-" + number).unstarted(this::run);
  }

  /** Makes a shard's files; none may be there yet. */
  public static void create(ShardPlace place) throws IOException {
    ShardStore.create(place).close();
  }

  /**
   * Recovers a shard; {@link #begin} starts it.
   *
   * @param onFailure is told, on the shard's thread, that the shard's storage failed
   * @throws io.sluice.frontier.journal.DamagedFileException if its files are damaged
   */
  public static ShardThread recover(
      ShardPlace place, Surroundings around, Consumer<Throwable> onFailure) throws IOException {
    Shard shard = new Shard(place.shard(), ShardStore.recover(place), around);
    return new ShardThread(place.shard(), shard, place.ledger(), onFailure);
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

  /** The shard at the end of its last turn. */
  public ShardSnapshot snapshot() {
    return shard.snapshot();
  }

  /** Asks for a checkpoint and the end of the thread. */
  public void close() {
    send(new Message.Close(new CompletableFuture<>()));
  }

  /** Waits for the thread to end; whether it did before the deadline. */
  public boolean join(Deadline deadline) throws InterruptedException {
    return deadline.join(thread);
  }

  /** The thread, while it runs. */
  public Optional<Thread> alive() {
    return Optional.of(thread).filter(Thread::isAlive);
  }

  /** Closes the files of a shard that was never begun. */
  public void abandon() throws IOException {
    shard.close();
  }

  private void run() {
    try (Ledger.Entry _ = ledger.enter(ResourceKind.THREAD, "frontier.shard")) {
      work();
    } catch (Throwable failure) { // an error in memory is as final as one on disk
      fail(failure);
    } finally {
      over = true;
      refuseAll();
    }
  }

  private void work() throws IOException, InterruptedException {
    List<Message> batch = new ArrayList<>();
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
      LOG.warn("{}", named.getMessage(), failure); // whoever is told of it tells the user
    } else {
      LOG.error("{}", named.getMessage(), failure);
    }
    onFailure.accept(named);
    shard.fail(named);
    try {
      shard.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("{}: closing its files failed too", thread.getName(), e);
    }
  }

  private void refuseAll() {
    for (Message message = mailbox.poll(); message != null; message = mailbox.poll()) {
      message.refuse(why);
    }
  }
}
