package io.sluice.frontier.shard;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.seen.Fingerprints;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * A shard as one process has it, from recovery to the end of that process; the one place where the
 * trials know how a shard is put together. After a failure it does what the shard's thread does.
 * Confined to one thread.
 */
final class ShardUnderTest {

  private final Shard shard;
  private final ShardStore store;
  private final CrawlEnd end;

  private ShardUnderTest(Shard shard, ShardStore store, CrawlEnd end) {
    this.shard = shard;
    this.store = store;
    this.end = end;
  }

  /** Makes the files of a shard; what an unfinished attempt left is replaced. */
  static void make(Path directory, Disk disk, Ledger ledger) throws IOException {
    ShardStore.create(place(directory, disk, ledger, new TestConfig())).close();
  }

  /** Recovers a shard. The crawl does not end before {@link #allSeedsAnswered}. */
  static ShardUnderTest open(
      Path directory, Disk disk, Ledger ledger, TestConfig config, LongSupplier now)
      throws IOException {
    Credit.Limits limits =
        new Credit.Limits(config.connections, config.outstandingPages, config.outstandingBytes, 0);
    Credit credit = new Credit(limits, 1, _ -> {});
    credit.open();
    CrawlEnd end = new CrawlEnd(credit, null, now);
    end.add(1);
    end.start();
    Surroundings around =
        new Surroundings(
            config.build(),
            new Fingerprints(7),
            credit,
            end,
            null,
            now,
            () -> Instant.EPOCH,
            new SimpleMeterRegistry().timer("sync"));
    ShardStore store = ShardStore.recover(place(directory, disk, ledger, config));
    return new ShardUnderTest(new Shard(0, store, around), store, end);
  }

  /** The crawl log. */
  static Path crawlLog(Path directory) {
    return directory.resolve("shard-00.jsonl.gz");
  }

  private static ShardPlace place(Path directory, Disk disk, Ledger ledger, TestConfig config) {
    return new ShardPlace(
        0,
        directory.resolve("shard-00"),
        directory,
        1,
        config.queueBytes,
        config.seenLimit,
        64,
        disk,
        Runnable::run, // a merge runs within the turn that begins it
        ledger);
  }

  /** Takes a turn; a failure ends the shard for good. */
  void turn(List<Message> messages) throws IOException {
    messages.stream().filter(Message.Offered.class::isInstance).forEach(_ -> end.add(1));
    try {
      shard.turn(messages);
    } catch (IOException | RuntimeException e) {
      die(e);
      throw e;
    }
  }

  /** Writes a checkpoint now. */
  void checkpoint() throws IOException {
    try {
      store.checkpoint();
    } catch (IOException | RuntimeException e) {
      die(e);
      throw e;
    }
  }

  private void die(Exception failure) {
    shard.fail(failure);
    try {
      shard.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Ends the process as a kill does: what was written stays, nothing is added. */
  void kill() throws IOException {
    shard.close();
  }

  /** Ends the shard cleanly. */
  void close() throws IOException {
    turn(List.of(new Message.Close(new CompletableFuture<>())));
  }

  /** No seed is owed an answer any more. */
  void allSeedsAnswered() {
    end.subtract();
  }

  boolean finished() {
    return end.finished().toCompletableFuture().isDone();
  }

  List<LeaseId> leasesOut() {
    return shard.leasesOut();
  }

  /** From now until the shard has something to do by itself, in nanoseconds. */
  long untilNextTurn() {
    return shard.untilNextTurn();
  }

  /** How many URLs ended, however they did. */
  long ended() {
    long ended = 0;
    for (Ending ending : Ending.values()) {
      ended += store.state().ended(ending);
    }
    return ended;
  }
}
