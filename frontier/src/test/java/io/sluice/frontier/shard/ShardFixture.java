package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.credit.Credit;
import io.sluice.frontier.hold.Uplink;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A shard in virtual time with its storage, and the operations that tests perform on it. */
abstract class ShardFixture {

  static final long MILLI = 1_000_000;
  static final UrlEnd PAGE = new UrlEnd(Ending.PAGE, Reason.OK, 200, null, Instant.EPOCH, 1, 2);

  @TempDir Path dir;
  final TestConfig config = new TestConfig();
  final TestLedger ledger = new TestLedger();
  final FaultyDisk disk = new FaultyDisk();
  final List<Lease> taken = new ArrayList<>();
  long queueBytes = 1 << 20;
  Instant wall = Instant.EPOCH;
  long now = -MILLI; // monotonic time may begin anywhere
  Shard shard;
  ShardStore store;
  EndDetector end;

  @SuppressWarnings("NullAway.Init") // each test opens the shard
  ShardFixture() {}

  @AfterEach
  void close() throws IOException {
    if (!shard.closed()) {
      shard.close();
    }
    assertThat(ledger.entries()).isEmpty();
  }

  void create() throws IOException {
    Files.createDirectories(dir.resolve("output"));
    ShardStore.create(shardFiles()).close();
    open();
  }

  void reopen() throws IOException {
    turn(new Message.Close(new CompletableFuture<>()));
    open();
  }

  void open() throws IOException {
    taken.clear();
    store = ShardStore.recover(shardFiles());
    Credit credit = TestContexts.credit(config);
    end = new EndDetector(credit, config.maxTime, () -> now);
    Uplink uplink = TestContexts.uplink(() -> now);
    shard =
        new Shard(0, store, TestContexts.of(config, credit, end, uplink, () -> now, () -> wall));
  }

  ShardFiles shardFiles() {
    return new ShardFiles(
        0,
        dir.resolve("shard-00"),
        dir.resolve("output"),
        6,
        queueBytes,
        1000,
        64,
        disk,
        Runnable::run,
        ledger);
  }

  void start() throws IOException {
    turn(new Message.Start(taken::add));
    end.start();
  }

  OfferCounts offer(String... hrefs) throws IOException {
    List<Offer> offers = List.of(hrefs).stream().map(TestConfig::url).map(Offer::seed).toList();
    CompletableFuture<OfferCounts> counts = new CompletableFuture<>();
    end.add(1);
    turn(new Message.Offered(offers, counts));
    now += 1000 * MILLI;
    turn();
    return counts.join();
  }

  void visited(Lease lease, Visit visit) throws IOException {
    turn(new Message.Visited(lease.id().sequence(), visit, new CompletableFuture<>()));
  }

  void settle(Lease lease, Settlement settlement, Finding finding) throws IOException {
    visited(lease, new Visit(null, null, true, Duration.ZERO, finding, null));
    settle(lease, settlement);
  }

  void settle(Lease lease, Settlement settlement) throws IOException {
    settle(lease.id(), settlement);
  }

  void settle(LeaseId lease, Settlement settlement) throws IOException {
    CompletableFuture<Void> synced = new CompletableFuture<>();
    turn(new Message.Settle(lease.sequence(), settlement, List.of(), synced));
    assertThat(synced).isDone();
  }

  static Message settlement(Lease lease, Settlement settlement, CompletableFuture<Void> synced) {
    return new Message.Settle(lease.id().sequence(), settlement, List.of(), synced);
  }

  /** Lets time pass with a turn at least every second. */
  void pass(long millis) throws IOException {
    for (long left = millis; left > 0; left -= 1000) {
      now += Math.min(left, 1000) * MILLI;
      turn();
    }
  }

  void turn(Message... messages) throws IOException {
    shard.turn(List.of(messages));
  }

  /** A disk that does not sync, but fails or takes time as the test specifies. */
  final class FaultyDisk implements Disk {
    boolean failing;
    long costNanos;

    @Override
    public void sync(FileChannel channel) throws IOException {
      now += costNanos;
      if (failing) {
        throw new IOException("injected");
      }
    }

    @Override
    public void syncDirectory(Path directory) {}
  }
}
