package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.lease.Ending;
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
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.FaultyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages synced bytes in the files of a shard that was killed. The start must be refused with the
 * file's name and the offset.
 */
class DamageTest {

  private static final int TRIALS = 300;
  private static final UrlEnd PAGE =
      new UrlEnd(Ending.PAGE, Reason.OK, 200, null, Instant.EPOCH, 1, 2);

  private static final int HEADER = 32;

  /** Bytes of a record's length, type and checksum. */
  private static final int RECORD_FRAME = 4 + 1 + 4;

  @TempDir Path dir;
  private final TestLedger ledger = new TestLedger();
  private final TestConfig config = new TestConfig();
  private final FaultyDisk disk = new FaultyDisk(1);
  private final Random random = new Random(1);
  private final Map<Path, byte[]> files = new HashMap<>();
  private final List<Offer> accepted = new ArrayList<>();
  private final Set<LeaseId> done = new HashSet<>();

  /**
   * Writes a checkpoint with a lease and URLs, and a journal of several synced groups and a last
   * one that was only written. The mark of the last group proves that the groups before it were
   * durable.
   */
  @BeforeEach
  void crawlAndKill() throws IOException {
    ShardUnderTest.make(dir, disk, ledger);
    ShardUnderTest shard = open();
    List<Lease> taken = new ArrayList<>();
    offer(shard, 0);
    shard.turn(List.of(new Message.Start(taken::add)));
    end(shard, taken.get(0));
    shard.checkpoint();
    offer(shard, 1);
    offer(shard, 2);
    end(shard, taken.get(1));
    shard.turn(
        List.of(
            new Message.Visited(
                taken.get(2).id().sequence(), Visit.UNREQUESTED, new CompletableFuture<>())));
    shard.kill();
    try (Stream<Path> all = Files.walk(dir)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.readAllBytes(file));
      }
    }
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void withoutDamageEveryPromiseHolds() throws IOException {
    assertPromisesHold();
  }

  @Test
  void aCheckpointDamagedOrCutAnywhereIsRefused() throws IOException {
    Path file = file("checkpoint-");
    byte[] whole = whole(file);
    for (int trial = 0; trial < TRIALS; trial++) {
      int at = random.nextInt(whole.length);
      refuses(file, random.nextInt(4) == 0 ? Arrays.copyOf(whole, at) : damaged(whole, at));
    }
  }

  @Test
  void aJournalDamagedInAPartThatALaterMarkVouchesForIsRefused() throws IOException {
    Path file = file("journal-");
    byte[] whole = whole(file);
    int vouched = lastGroup(whole);
    assertThat(vouched).isGreaterThan(500);
    for (int trial = 0; trial < TRIALS; trial++) {
      refuses(file, damaged(whole, random.nextInt(vouched)));
    }
  }

  @Test
  void aJournalOfAnotherGenerationOrNoneIsRefused() throws IOException {
    Path file = file("journal-");
    Files.delete(file);
    assertThatThrownBy(this::open).hasMessageContaining(file + ": is missing");
    Files.write(file, whole(file("checkpoint-")));
    assertThatThrownBy(this::open).isInstanceOf(DamagedFileException.class);
  }

  @Test
  void aCrawlLogShorterThanItCertainlyWasIsRefused() throws IOException {
    Path file = ShardUnderTest.crawlLog(dir);
    assertThat(whole(file).length).isGreaterThan(50);
    for (int length = 0; length < 50; length++) {
      refuses(file, Arrays.copyOf(whole(file), length));
    }
  }

  @Test
  void damageInTheCrawlLogCostsTheFrontierNothing() throws IOException {
    Path file = ShardUnderTest.crawlLog(dir);
    Files.write(file, damaged(whole(file), 30));
    assertPromisesHold();
  }

  private void refuses(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    assertThatThrownBy(this::open)
        .as("%s with %d of %d bytes", file, content.length, whole(file).length)
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining(file + ": damaged at byte ");
  }

  /** Flips a bit, or writes up to 20 bytes of zeros or garbage, until something has changed. */
  private byte[] damaged(byte[] whole, int at) {
    byte[] bytes = whole.clone();
    int kind = random.nextInt(3);
    for (int i = at; i < Math.min(whole.length, at + 1 + random.nextInt(20)) && kind > 0; i++) {
      bytes[i] = (byte) (kind == 1 ? 0 : random.nextInt());
    }
    if (Arrays.equals(bytes, whole)) {
      bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private void assertPromisesHold() throws IOException {
    ShardUnderTest shard = open();
    assertThat(shard.leasesOut()).noneMatch(done::contains);
    CompletableFuture<OfferCounts> counts = new CompletableFuture<>();
    shard.turn(List.of(new Message.Offered(accepted, counts)));
    assertThat(counts.join()).isEqualTo(new OfferCounts(0, accepted.size(), 0, null));
    shard.kill();
  }

  private void offer(ShardUnderTest shard, int group) throws IOException {
    List<Offer> offers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      offers.add(Offer.seed(TestConfig.url("http://h" + i % 7 + ".test/" + group + "/" + i)));
    }
    CompletableFuture<OfferCounts> counts = new CompletableFuture<>();
    shard.turn(List.of(new Message.Offered(offers, counts)));
    assertThat(counts.join().accepted()).isEqualTo(20);
    accepted.addAll(offers);
  }

  private void end(ShardUnderTest shard, Lease lease) throws IOException {
    CompletableFuture<Void> synced = new CompletableFuture<>();
    Settlement page = new Settlement.Done(PAGE, List.of());
    shard.turn(List.of(new Message.Settle(lease.id().sequence(), page, List.of(), synced)));
    assertThat(synced).isCompleted();
    done.add(lease.id());
  }

  private ShardUnderTest open() throws IOException {
    return ShardUnderTest.open(dir, disk, ledger, config, () -> 0);
  }

  private Path file(String kind) {
    return files.keySet().stream()
        .filter(file -> file.getFileName().toString().startsWith(kind))
        .findFirst()
        .orElseThrow();
  }

  private byte[] whole(Path file) {
    return files.getOrDefault(file, new byte[0]);
  }

  /** Where the last group's mark begins: a record of type 0 with eight bytes of payload. */
  private static int lastGroup(byte[] journal) {
    ByteBuffer bytes = ByteBuffer.wrap(journal);
    int mark = 0;
    for (int at = HEADER; at < journal.length; at += RECORD_FRAME + bytes.getInt(at)) {
      mark = bytes.get(at + 4) == 0 ? at : mark;
    }
    return mark;
  }
}
