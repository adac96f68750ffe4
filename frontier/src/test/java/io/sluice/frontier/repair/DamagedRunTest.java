package io.sluice.frontier.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.inspect.ShardView;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.scope.PrefixRule;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.state.Event.Done;
import io.sluice.frontier.state.Event.HostAdded;
import io.sluice.frontier.state.Event.Leased;
import io.sluice.frontier.state.Event.Queued;
import io.sluice.frontier.state.Event.Queued.How;
import io.sluice.frontier.state.Event.Reserved;
import io.sluice.frontier.state.Event.SeedRefused;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Views, checks and repairs of a shard whose fingerprints are in runs. */
class DamagedRunTest {

  private static final int FIRST = 400;
  private static final int SECOND = 100;
  private static final int RECENT = 20;
  private static final int ALL = FIRST + SECOND + RECENT;
  private static final int ENDED = 30;
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir Path dir;
  private final TestLedger ledger = new TestLedger();
  private final Fingerprints fingerprints = new Fingerprints(7);
  private ShardFiles files;
  private int added;

  @BeforeEach
  void aShardWithTwoRunsAndSomeRecentFingerprints() throws IOException {
    files = shardFiles(Disk.SYSTEM);
    try (ShardStore store = ShardStore.create(files)) {
      store.commit(new HostAdded("a.test"));
      store.commit(new Reserved(1000));
      PackedUrl seed = packed("http://elsewhere.test/");
      long refused = fingerprints.ofRefused("http://elsewhere.test/");
      store.commit(new SeedRefused(refused, seed, "out-of-domain", NOW));
      add(store, FIRST - 1);
      for (int lease = 1; lease <= ENDED; lease++) {
        store.commit(new Leased(lease, 0, false, 0));
        UrlEnd end = new UrlEnd(Ending.PAGE, Reason.OK, 200, null, NOW, 1, 2);
        store.commit(new Done(lease, end, List.of(), null));
      }
      store.checkpoint();
      add(store, SECOND);
      store.checkpoint();
      add(store, RECENT);
      store.sync();
      assertThat(store.state().seen().runs()).hasSize(2);
    }
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void fingerprintsInRunsAreCountedWithoutBeingRead() throws IOException {
    try (ShardView view = ShardView.load(files, _ -> false, false)) {
      assertThat(view.stats().seen()).isEqualTo(ALL);
    }
    try (ShardView view = ShardView.load(files, _ -> false, true)) {
      assertThat(view.stats().seen()).isEqualTo(ALL);
      assertThat(view.seen(fingerprints.of(href(0)))).isTrue();
      assertThat(view.seen(fingerprints.of("http://a.test/never"))).isFalse();
    }
  }

  @Test
  void aViewFollowsAnOwnerWhoDeletesARunMeanwhile() throws IOException {
    try (ShardStore owner = ShardStore.recover(files)) {
      MeddlingDisk disk = new MeddlingDisk(owner);
      try (ShardView view = ShardView.load(shardFiles(disk), _ -> false, true)) {
        assertThat(disk.meddled).isTrue();
        assertThat(view.stats().seen()).isEqualTo(ALL + FIRST);
        assertThat(view.seen(fingerprints.of(href(ALL)))).isTrue();
      }
    }
  }

  @Test
  void wholeRunsAreNoProblemAndAreRead() throws IOException {
    ShardCheck.Result result = ShardCheck.check(files, fingerprints, _ -> 0);
    assertThat(result.problems()).isEmpty();
    assertThat(result.urls()).isEqualTo(ALL - 1 - ENDED);
    assertThat(result.files())
        .as("checkpoint, journal, crawl log, two segments and two runs")
        .isEqualTo(7);
  }

  @Test
  void aUrlThatWaitsAndIsNotInTheSeenSetIsNamed() throws IOException {
    try (ShardStore store = ShardStore.recover(files)) {
      store.commit(new Queued(0, 1, PrefixRule.NONE, How.NEW, packed("http://a.test/unseen")));
      store.sync();
    }
    assertThat(ShardCheck.check(files, fingerprints, _ -> 0).problems())
        .singleElement()
        .asString()
        .contains("host a.test", "is not in the seen set", "http://a.test/unseen");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.3, 0.6, 0.999})
  void aBrokenByteOfARunIsToldAndItsFingerprintsAreMadeAnew(double where) throws IOException {
    breakByte(files.seen().file(1), where);
    assertThat(ShardCheck.check(files, fingerprints, _ -> 0).problems())
        .singleElement()
        .asString()
        .contains("seen-1", "it had " + FIRST + " fingerprints");
    assertThat(repair())
        .anyMatch(line -> line.contains(FIRST + " fingerprints were computed again"));
    assertThat(dir.resolve("quarantine/shard-00/seen-1")).exists();
    assertThatSeen(0);
  }

  @Test
  void aRunThatIsMissingIsMadeAnew() throws IOException {
    Files.delete(files.seen().file(1));
    assertThat(repair()).anyMatch(line -> line.contains("seen-1: is missing"));
    assertThatSeen(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {38, 56, 68})
  void whatACheckpointDoesNotNameAnyMoreIsMadeAnew(int offset) throws IOException {
    Path checkpoint =
        ShardStore.file(files, ShardStore.CHECKPOINT, ShardStore.highestCheckpoint(files));
    breakByte(checkpoint, (offset + 0.5) / Files.size(checkpoint));
    assertThat(repair()).anyMatch(line -> line.contains("checkpoint-"));
    assertThatSeen(0);
  }

  @Test
  void withoutACrawlLogWhatEndedIsSeenNoMore() throws IOException {
    breakByte(files.seen().file(1), 0.5);
    Files.delete(CrawlLogReader.file(files.crawlLogs(), 0));
    int again = FIRST - 1 - ENDED;
    assertThat(repair())
        .anyMatch(line -> line.contains(again + " fingerprints were computed again"));
    assertThatSeen(ENDED);
  }

  private void assertThatSeen(int from) throws IOException {
    assertThat(ShardCheck.check(files, fingerprints, _ -> 0).problems()).isEmpty();
    boolean refused = from == 0;
    try (ShardStore store = ShardStore.recover(files)) {
      var seen = store.state().seen();
      for (int i = 0; i < added; i++) {
        assertThat(seen.contains(fingerprints.of(href(i)))).as(href(i)).isEqualTo(i >= from);
      }
      assertThat(seen.contains(fingerprints.ofRefused("http://elsewhere.test/")))
          .isEqualTo(refused);
      assertThat(seen.size()).isEqualTo(ALL - from - (refused ? 0 : 1));
    }
  }

  private List<String> repair() throws IOException {
    List<String> losses = new ArrayList<>();
    ShardRepair.repair(files, fingerprints, dir.resolve("quarantine"), losses::add);
    return losses;
  }

  private static void breakByte(Path file, double where) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) (bytes.length * where)] ^= 0x10;
    Files.write(file, bytes);
  }

  private void add(ShardStore store, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      String href = href(added++);
      store.commit(new Queued(0, fingerprints.of(href), PrefixRule.NONE, How.NEW, packed(href)));
    }
  }

  private static String href(int number) {
    return "http://a.test/" + number;
  }

  private static PackedUrl packed(String href) {
    return PackedUrl.pack(new QueuedUrl(href, 0, null, List.of(), Labels.NONE, 0));
  }

  private ShardFiles shardFiles(Disk disk) throws IOException {
    Path crawlLogs = Files.createDirectories(dir.resolve("crawl"));
    Path directory = dir.resolve("shard-00");
    return new ShardFiles(
        0, directory, crawlLogs, 6, 1 << 20, SECOND, 64, disk, Runnable::run, ledger);
  }

  /**
   * Simulates an owner that merges all runs, and deletes the old ones, when a run is first opened.
   */
  private final class MeddlingDisk implements Disk {

    private final ShardStore owner;
    private boolean meddled;

    MeddlingDisk(ShardStore owner) {
      this.owner = owner;
    }

    @Override
    public FileChannel openForReading(Path file) throws IOException {
      if (!meddled) {
        meddled = true;
        add(owner, FIRST);
        owner.checkpoint();
        owner.tidy();
        owner.checkpoint();
        assertThat(file).doesNotExist();
      }
      return Disk.super.openForReading(file);
    }
  }
}
