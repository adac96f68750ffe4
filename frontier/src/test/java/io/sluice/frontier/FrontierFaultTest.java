package io.sluice.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.lease.Offer;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.journal.FaultyDisk;
import io.sluice.frontier.shard.CrawlLogs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The frontier on disks that fail, fill up or lose unsynced data. */
@Timeout(120)
class FrontierFaultTest {

  private static final String FULL = "No space left on device";

  @TempDir Path dir;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();
  private int pages = 60;

  @AfterEach
  void nothingIsLeftOpen() { // a recovery thread removes its ledger entry just after its pool ends
    Awaitility.await().untilAsserted(() -> assertThat(ledger.entries()).isEmpty());
  }

  @Test
  void whicheverOperationFailsWhileAFrontierIsMadeTheNextStartMakesIt() throws Exception {
    config.shards = 2;
    boolean struck = true;
    for (int operation = 1; struck; operation++) {
      Path place = Files.createDirectory(dir.resolve("made-" + operation));
      FaultyDisk disk = new FaultyDisk(operation);
      disk.failAt(operation, operation % 3 == 0, "injected");
      struck = openingFails(place, disk);
      disk.heal();
      disk.endProcess();
      if (operation % 2 == 0) {
        disk.powerFailure();
      }
      crawlToTheEnd(place, disk);
    }
  }

  @Test
  void whicheverOperationFailsWhileAFrontierIsRecoveredTheNextStartRecoversIt() throws Exception {
    config.shards = 2;
    boolean struck = true;
    for (int operation = 1; struck; operation++) {
      Path place = Files.createDirectory(dir.resolve("recovered-" + operation));
      FaultyDisk disk = new FaultyDisk(operation);
      try (Frontier frontier = open(place, disk)) {
        await(frontier.offer(web()));
      }
      disk.failAt(operation, operation % 3 == 0, "injected");
      struck = openingFails(place, disk);
      disk.heal();
      disk.endProcess();
      if (operation % 2 == 0) {
        disk.powerFailure();
      }
      try (Frontier frontier = open(place, disk)) {
        assertThat(await(frontier.offer(web()))).isEqualTo(new OfferCounts(0, pages, 0, null));
      }
      crawlToTheEnd(place, disk);
    }
  }

  private boolean openingFails(Path place, Disk disk) throws IOException {
    try (Frontier frontier = open(place, disk)) {
      assertThat(frontier.stats().leased()).isZero();
      return false;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("injected");
      nothingIsLeftOpen();
      return true;
    }
  }

  @Test
  void aFullDiskEndsTheCrawlWithALineThatSaysSoAndRoomLetsItGoOn() throws Exception {
    for (int write : new int[] {1, 2, 4}) {
      Path place = Files.createDirectory(dir.resolve("full-" + write));
      FaultyDisk disk = new FaultyDisk(write);
      try (Frontier frontier = open(place, disk)) {
        await(frontier.offer(List.of(web().getFirst())));
        disk.failWritesFrom(write, FULL);
        frontier.start(new FakeFetcher(frontier, this::links));
        stopsForLackOfRoom(frontier);
      }
      disk.heal();
      crawlToTheEnd(place, disk);
    }
  }

  @Test
  void aDiskThatIsReallyFullLosesNothing() throws Exception {
    pages = 20_000;
    try (SmallDisk disk = SmallDisk.mount(dir.resolve("small"), "1m")) {
      Path place = dir.resolve("small").resolve("crawl");
      try (Frontier frontier = open(place, Disk.SYSTEM)) {
        await(frontier.offer(List.of(web().getFirst())));
        frontier.start(new FakeFetcher(frontier, this::links));
        stopsForLackOfRoom(frontier);
      }
      assertThatThrownBy(() -> open(place, Disk.SYSTEM)).hasMessageContaining(FULL);
      disk.grow("64m");
      crawlToTheEnd(place, Disk.SYSTEM);
    }
  }

  private static void stopsForLackOfRoom(Frontier frontier) {
    assertThatThrownBy(() -> await(frontier.finished()))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(FrontierException.class)
        .hasMessageContaining("shard-0")
        .hasMessageContaining(FULL)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aFullDiskAtTheLastCheckpointIsAFailureThoughTheCrawlHadStoppedBefore() throws Exception {
    FaultyDisk disk = new FaultyDisk(7);
    Frontier frontier = open(dir, disk);
    await(frontier.offer(web()));
    assertThat(frontier.failures()).isEmpty();
    disk.failWritesFrom(1, FULL);

    frontier.close();

    assertThat(frontier.failures()).singleElement().asString().contains("shard-0").contains(FULL);
    assertThat(frontier.storageFailed().toCompletableFuture())
        .succeedsWithin(Duration.ZERO)
        .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
        .hasMessageContaining(FULL);
    disk.heal();
    crawlToTheEnd(dir, disk);
  }

  @Test
  void aFrontierOrAShardThatIsDeletedIsNoticedThoughNothingHappens() throws Exception {
    for (String deleted : List.of("frontier", "frontier/shard-00", "output", "output/crawl")) {
      Path place = Files.createDirectories(dir.resolve(deleted.replace('/', '-')));
      try (Frontier frontier = open(place, Disk.SYSTEM)) {
        await(frontier.offer(web()));
        frontier.look();
        assertThat(frontier.failures()).isEmpty();
        Files.move(place.resolve(deleted), place.resolve("away"));
        frontier.look();
        frontier.look();
        assertThat(frontier.failures())
            .singleElement()
            .asString()
            .contains(place.resolve(deleted).toString())
            .contains("is gone: it was deleted or moved while it was in use");
        assertThat(frontier.finished().toCompletableFuture()).isCompletedExceptionally();
      }
    }
  }

  @Test
  void aJournalThatIsDeletedOrShortenedIsNoticedByTheNextEvent() throws Exception {
    for (boolean deleted : new boolean[] {true, false}) {
      Path place = Files.createDirectories(dir.resolve("journal-" + deleted));
      try (Frontier frontier = open(place, Disk.SYSTEM)) {
        await(frontier.offer(List.of(web().getFirst())));
        Path journal = journal(place);
        if (deleted) {
          Files.delete(journal);
        } else {
          Files.write(journal, new byte[0]);
        }
        assertThatThrownBy(() -> await(frontier.offer(web())))
            .cause()
            .hasMessageContaining(journal.toString())
            .hasMessageContaining(deleted ? "is gone" : "another program changed it");
        assertThat(frontier.failures()).hasSize(1);
      }
    }
  }

  private static Path journal(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place.resolve("frontier/shard-00"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("journal-"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void anIdentityDamagedAtAnyByteIsRefused() throws Exception {
    open(dir, Disk.SYSTEM).close();
    Path file = dir.resolve("frontier").resolve("identity");
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(file, damaged);
      assertThatThrownBy(() -> open(dir, Disk.SYSTEM))
          .as("byte " + at)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString());
    }
    Files.write(file, whole);
    open(dir, Disk.SYSTEM).close();
  }

  @Test
  void theCrawlsIdentityIsKeptAndGivenToAFrontierThatHasNone() throws Exception {
    CrawlIdentity made;
    try (Frontier frontier = open(dir, Disk.SYSTEM)) {
      made = frontier.identity();
    }
    assertThat(Frontier.identityIn(dir, new TestLedger())).isEqualTo(made);
    Path file = dir.resolve("frontier").resolve("identity");
    String older =
        Files.readString(file)
            .replace("sluice-frontier 3", "sluice-frontier 2")
            .replaceFirst("crawl .*\n", "")
            .replaceFirst("crc32c .*\n", "");
    CRC32C crc = new CRC32C();
    crc.update(older.getBytes(StandardCharsets.US_ASCII));
    Files.writeString(file, older + "crc32c %08x\n".formatted(crc.getValue()));
    assertThat(Frontier.isOlder(dir, new TestLedger())).isTrue();
    assertThat(Frontier.identityIn(dir, new TestLedger())).isNull();

    CrawlIdentity given;
    try (Frontier frontier = open(dir, Disk.SYSTEM)) {
      given = frontier.identity();
    }

    assertThat(given).isNotEqualTo(made);
    assertThat(Frontier.isOlder(dir, new TestLedger())).isFalse();
    assertThat(Frontier.identityIn(dir, new TestLedger())).isEqualTo(given);
  }

  @Test
  void shardsWhoseIdentityIsGoneAreNotMadeAnew() throws Exception {
    open(dir, Disk.SYSTEM).close();
    Files.delete(dir.resolve("frontier").resolve("identity"));
    assertThatThrownBy(() -> open(dir, Disk.SYSTEM))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("identity is missing");
  }

  private void crawlToTheEnd(Path place, Disk disk) throws Exception {
    try (Frontier frontier = open(place, disk)) {
      await(frontier.giveBack(frontier.outAtStart()));
      await(frontier.offer(List.of(web().getFirst())));
      frontier.start(new FakeFetcher(frontier, this::links));
      assertThat(await(frontier.finished())).isEqualTo(EndReason.EXHAUSTED);
    }
    List<String> logged = new ArrayList<>();
    try (Stream<Path> logs = Files.list(place.resolve("output").resolve("crawl"))) {
      for (Path log : logs.toList()) {
        logged.addAll(CrawlLogs.urls(log));
      }
    }
    assertThat(logged).doesNotHaveDuplicates().hasSize(pages);
  }

  private List<String> links(String href) {
    return KilledProcess.links(href, pages);
  }

  private List<Offer> web() {
    return KilledProcess.web(pages).stream().map(TestConfig::url).map(Offer::seed).toList();
  }

  private Frontier open(Path place, Disk disk) throws IOException {
    return Frontier.open(config.build(), place, ledger, new SimpleMeterRegistry(), disk);
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
