package io.sluice.frontier.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.RetryFilter;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.inspect.ShardView;
import io.sluice.frontier.journal.FaultyDisk;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.scope.PrefixRule;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.state.Event.Done;
import io.sluice.frontier.state.Event.HostAdded;
import io.sluice.frontier.state.Event.HostGivenUp;
import io.sluice.frontier.state.Event.Leased;
import io.sluice.frontier.state.Event.Queued;
import io.sluice.frontier.state.Event.Reserved;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retries in a stopped crawl that a failing disk cuts short. */
class ShardRetryTest {

  private static final int FAILED = 20;

  @TempDir Path dir;
  private final TestLedger ledger = new TestLedger();
  private final Fingerprints fingerprints = new Fingerprints(7);

  @Test
  void whereverItIsCutShortTheNextOneQueuesWhatIsLeftAndNothingTwice() throws IOException {
    long operation = 0;
    boolean failed = true;
    while (failed) {
      Path shard = dir.resolve("cut-at-" + ++operation);
      FaultyDisk disk = new FaultyDisk(operation);
      ShardFiles files = shardFiles(shard, disk);
      aHostThatFailedAndWasGivenUp(files);
      disk.failAt(operation, false, "the disk fails");
      try {
        ShardRetry.retry(files, fingerprints, RetryFilter.ALL);
      } catch (IOException e) {
        assertThat(disk.failed()).as("only the disk fails").isTrue();
      }
      failed = disk.failed();
      disk.heal();
      ShardRetry.retry(files, fingerprints, RetryFilter.ALL);
      try (ShardView view = ShardView.load(files, _ -> false, false)) {
        List<String> queued = new ArrayList<>();
        view.unended().queued((_, url) -> queued.add(url.unpack().href()));
        assertThat(queued).as("cut at %s", operation).hasSize(FAILED).doesNotHaveDuplicates();
        assertThat(view.stats().hosts(Kind.FIRST)).isEqualTo(1);
      }
    }
    assertThat(operation).as("operations of a whole retry").isGreaterThan(10);
    assertThat(ledger.entries()).isEmpty();
  }

  private void aHostThatFailedAndWasGivenUp(ShardFiles files) throws IOException {
    try (ShardStore store = ShardStore.create(files)) {
      store.commit(new HostAdded("a.test"));
      store.commit(new Reserved(FAILED));
      for (int i = 1; i <= FAILED; i++) {
        String href = "http://a.test/" + i;
        PackedUrl url = PackedUrl.pack(QueuedUrl.of(Offer.seed(TestConfig.url(href))));
        store.commit(new Queued(0, fingerprints.of(href), PrefixRule.NONE, Queued.How.NEW, url));
        store.commit(new Leased(i, 0, false, 0));
        UrlEnd end = new UrlEnd(Ending.FAILED, Reason.BAD_RESPONSE, 0, null, Instant.EPOCH, 1, 0);
        store.commit(new Done(i, end, List.of(), null));
        if (i == FAILED / 2) {
          store.checkpoint(); // some lines are certain, the others follow from the journal
        }
      }
      GivenUp givenUp = new GivenUp(false, Finding.NO_CONNECTION, "connect-timeout", 1, false);
      store.commit(new HostGivenUp(0, givenUp, 0, Instant.EPOCH));
      store.sync();
    }
  }

  private ShardFiles shardFiles(Path at, FaultyDisk disk) throws IOException {
    Files.createDirectories(at.resolve("shard-00"));
    return new ShardFiles(
        0, at.resolve("shard-00"), at, 1, 1 << 20, 1000, 64, disk, Runnable::run, ledger);
  }
}
