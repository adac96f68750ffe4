package io.sluice.frontier.shard;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.credit.Credit;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * A shard during one process, from recovery to the end of that process; the only place where the
 * trials assemble a shard. After a failure it behaves as the shard's thread does. Confined to one
 * thread.
 */
final class ShardUnderTest {

  private final Shard shard;
  private final ShardStore store;
  private final EndDetector end;

  private ShardUnderTest(Shard shard, ShardStore store, EndDetector end) {
    this.shard = shard;
    this.store = store;
    this.end = end;
  }

  /** Creates the files of a shard, replacing what an unfinished attempt left. */
  static void make(Path directory, Disk disk, Ledger ledger) throws IOException {
    ShardStore.create(shardFiles(directory, disk, ledger, new TestConfig())).close();
  }

  /** Recovers a shard. The crawl does not end before {@link #allSeedsAnswered}. */
  static ShardUnderTest open(
      Path directory, Disk disk, Ledger ledger, TestConfig config, LongSupplier now)
      throws IOException {
    Credit credit = TestContexts.credit(config);
    EndDetector end = new EndDetector(credit, null, now);
    end.add(1);
    end.start();
    ShardContext context =
        TestContexts.of(config, credit, end, TestContexts.uplink(now), now, () -> Instant.EPOCH);
    ShardStore store = ShardStore.recover(shardFiles(directory, disk, ledger, config));
    return new ShardUnderTest(new Shard(0, store, context), store, end);
  }

  /** The crawl log. */
  static Path crawlLog(Path directory) {
    return directory.resolve("shard-00.jsonl.gz");
  }

  private static ShardFiles shardFiles(
      Path directory, Disk disk, Ledger ledger, TestConfig config) {
    return new ShardFiles(
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

  /** Ends the process as a kill does: written data stays, nothing is added. */
  void kill() throws IOException {
    shard.close();
  }

  /** Ends the shard cleanly. */
  void close() throws IOException {
    turn(List.of(new Message.Close(new CompletableFuture<>())));
  }

  /** Records that every seed has been answered, so that the crawl may end. */
  void allSeedsAnswered() {
    end.subtract(1);
  }

  boolean finished() {
    return end.finished().toCompletableFuture().isDone();
  }

  List<LeaseId> leasesOut() {
    return shard.leasesOut();
  }

  /** The time until the shard has something to do without a message, in nanoseconds. */
  long untilNextTurn() {
    return shard.untilNextTurn();
  }

  /** The number of URLs that ended, in whatever way. */
  long ended() {
    long ended = 0;
    for (Ending ending : Ending.values()) {
      ended += store.state().ended(ending);
    }
    return ended;
  }
}
