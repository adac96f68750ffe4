package io.sluice.frontier.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Priority;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.journal.UnsyncedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waiting URLs in memory and on disk behave as one queue for each host. */
class UrlQueuesTest {

  private static final Disk NO_SYNC = new UnsyncedDisk();

  private static final int OPEN_FILES = 3;

  @TempDir Path dir;

  private final TestLedger ledger = new TestLedger();
  private final List<Runnable> merges = new ArrayList<>();

  @AfterEach
  void everythingIsClosed() {
    assertThat(ledger.open()).isEmpty();
  }

  @Test
  void aHostsUrlsComeInTheOrderOfTheirArrivalWhereverTheyWait() throws IOException {
    for (int seed = 0; seed < 200; seed++) {
      Path trial = Files.createDirectory(dir.resolve("trial-" + seed));
      new Trial(seed, trial).run(400);
    }
  }

  @Test
  void aHotHostCostsMemoryForItsSegmentsOnly() throws IOException {
    try (UrlQueues queues = queues(dir, 64 << 10)) {
      HostQueue host = queues.hosts().add("hot.example");
      for (int i = 0; i < 200_000; i++) {
        queues.append(host, url("http://hot.example/shop/item-" + i));
        if (queues.mustSpill()) {
          queues.spill();
        }
        queues.tidy();
        runMerges();
      }

      assertThat(queues.memoryBytes()).isLessThan(128 << 10);
      assertThat(queues.segments().size()).isLessThanOrEqualTo(8);
      for (int i = 0; i < 200_000; i++) {
        assertThat(hrefOf(queues.poll(host))).isEqualTo("http://hot.example/shop/item-" + i);
      }
      assertThat(queues.poll(host)).isNull();
    }
  }

  @Test
  void aSegmentWhoseUrlsWereTakenIsNamedNoMore() throws IOException {
    try (UrlQueues queues = queues(dir, 1)) {
      HostQueue host = queues.hosts().add("a.example");
      queues.append(host, url("http://a.example/"));
      queues.spill();
      assertThat(queues.files()).hasSize(1);

      queues.poll(host);
      assertThat(queues.tidy()).isTrue();

      assertThat(queues.files()).isEmpty();
    }
  }

  @Test
  void theRestOfASegmentThatIsMostlyTakenIsWrittenAnew() throws IOException {
    try (UrlQueues queues = queues(dir, 1)) {
      HostQueue busy = queues.hosts().add("busy.example");
      HostQueue slow = queues.hosts().add("slow.example");
      for (int i = 0; i < 1000; i++) {
        queues.append(busy, url("http://busy.example/" + i));
      }
      queues.append(slow, url("http://slow.example/1"));
      queues.append(slow, url("http://slow.example/2"));
      queues.spill();
      long before = Files.size(queues.files().getFirst());
      while (queues.poll(busy) != null) {
        queues.tidy();
      }
      queues.poll(slow);
      runMerges();
      queues.tidy(); // enough URLs have been taken since the first merge began to make another one
      // due
      runMerges();
      queues.tidy();

      assertThat(Files.size(queues.files().getFirst())).isLessThan(before / 10);
      assertThat(hrefOf(queues.poll(slow))).isEqualTo("http://slow.example/2");
    }
  }

  @Test
  void aFlippedBitIsDamageThatNamesTheFile() throws IOException {
    try (UrlQueues former = queues(dir, 1);
        UrlQueues queues = queues(dir, 1)) {
      HostQueue host = former.hosts().add("a.example");
      former.append(host, url("http://a.example/"));
      former.spill();
      Path file = former.files().getFirst();
      byte[] bytes = Files.readAllBytes(file);
      bytes[70] ^= 1;
      Files.write(file, bytes);
      queues.restore(former.segments(), former.nextNumber());
      HostQueue again = queues.hosts().add("a.example");
      former.extents(host).forEach(extent -> queues.restore(again, extent));

      assertThatThrownBy(() -> queues.poll(again))
          .isInstanceOf(DamagedFileException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void howeverManySegmentsWaitForAMergeOnlySoManyAreOpen() throws IOException {
    try (UrlQueues queues = queues(dir, 1)) {
      List<HostQueue> hosts = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        HostQueue host = queues.hosts().add("host-" + i);
        hosts.add(host);
        queues.append(host, url("http://host-" + i + "/a"));
        queues.append(host, url("http://host-" + i + "/b"));
        queues.spill(); // a segment for each
        assertThat(ledger.open().get(ResourceKind.FRONTIER)).isLessThanOrEqualTo(OPEN_FILES);
      }
      for (String path : List.of("/a", "/b")) {
        for (HostQueue host : hosts) {
          assertThat(hrefOf(queues.poll(host))).isEqualTo("http://" + host.name() + path);
          assertThat(ledger.open().get(ResourceKind.FRONTIER)).isEqualTo(OPEN_FILES);
        }
      }
      assertThat(queues.segmentCount()).isEqualTo(10);
    }
  }

  @Test
  void aMergeTakesNoMoreSegmentsThanMayBeOpen() throws IOException {
    try (UrlQueues queues = queues(dir, 1)) {
      HostQueue host = queues.hosts().add("a.example");
      for (int i = 0; i < 10; i++) {
        queues.append(host, url("http://a.example/" + i));
        queues.spill();
      }
      List<Integer> counts = new ArrayList<>();
      do {
        counts.add(queues.segmentCount());
        runMerges();
      } while (queues.tidy() || !merges.isEmpty());
      assertThat(counts).startsWith(10, 10, 8, 6);
      for (int i = 0; i < 10; i++) {
        assertThat(hrefOf(queues.poll(host))).isEqualTo("http://a.example/" + i);
      }
    }
  }

  @Test
  void aMergeThatFailsIsToldToTheShard() throws IOException {
    try (UrlQueues queues = queues(dir, 1)) {
      HostQueue host = queues.hosts().add("a.example");
      for (int i = 0; i < 2; i++) {
        queues.append(host, url("http://a.example/" + i));
        queues.spill();
      }
      Path file = queues.files().getFirst();
      queues.tidy();
      Files.delete(file);
      runMerges();

      assertThatThrownBy(queues::tidy)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString());
    }
  }

  private UrlQueues queues(Path directory, long memoryBytes) {
    return new UrlQueues(
        new QueueFiles(0, directory, memoryBytes, OPEN_FILES, NO_SYNC, merges::add, ledger));
  }

  private void runMerges() {
    merges.forEach(Runnable::run);
    merges.clear();
  }

  private static PackedUrl url(String href) {
    return url(href, Priority.NORMAL);
  }

  private static PackedUrl url(String href, Priority priority) {
    Labels labels = new Labels(priority, null);
    return PackedUrl.pack(
        new QueuedUrl(href, 1, "http://a.example/found-here", List.of(), labels, 0));
  }

  private static String hrefOf(@Nullable PackedUrl url) {
    return url == null ? "nothing" : url.unpack().href();
  }

  /** Random steps on real queues and, for comparison, on a simple deque for each host. */
  private final class Trial {

    private final Random random;
    private final Path directory;

    /** The URLs that must be waiting, by host and class. */
    private final List<List<Deque<String>>> expected = new ArrayList<>();

    private UrlQueues queues;
    private int urls;

    Trial(long seed, Path directory) {
      this.random = new Random(seed);
      this.directory = directory;
      this.queues = queues(directory, 300);
    }

    void run(int steps) throws IOException {
      for (int i = 0; i < 5; i++) {
        queues.hosts().add("host-" + i);
        expected.add(
            List.of(
                new ArrayDeque<>(),
                new ArrayDeque<>(),
                new ArrayDeque<>(),
                new ArrayDeque<>(),
                new ArrayDeque<>()));
      }
      for (int i = 0; i < steps; i++) {
        step();
        long size = expected.stream().mapToLong(host -> all(host).size()).sum();
        assertThat(queues.size()).isEqualTo(size);
      }
      checkAll();
      queues.close();
    }

    private void step() throws IOException {
      HostQueue host = queues.hosts().get(random.nextInt(5));
      List<Deque<String>> classes = expected.get(host.id());
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> {
          String href = "http://" + host.name() + "/" + "x".repeat(random.nextInt(40)) + urls++;
          Priority priority = random.nextInt(3) > 0 ? Priority.NORMAL : anyPriority();
          PackedUrl url = url(href, priority);
          queues.append(host, url);
          classes.get(url.classNumber()).addLast(href);
        }
        case 4, 5, 6 -> {
          PackedUrl url = queues.poll(host);
          List<String> waiting = all(classes);
          assertThat(hrefOf(url)).isEqualTo(waiting.isEmpty() ? "nothing" : waiting.getFirst());
          if (url != null && random.nextInt(4) == 0) {
            queues.putBack(host, url);
          } else if (url != null) {
            classes.get(url.classNumber()).removeFirst();
          }
        }
        case 7 -> {
          if (queues.mustSpill()) {
            queues.spill();
          }
        }
        case 8 -> {
          queues.tidy();
          if (random.nextBoolean()) {
            runMerges();
          }
        }
        default -> {
          if (random.nextInt(5) == 0) {
            reopen();
          } else {
            checkAll();
          }
        }
      }
    }

    private Priority anyPriority() {
      return List.copyOf(EnumSet.allOf(Priority.class)).get(random.nextInt(4));
    }

    private static List<String> all(List<Deque<String>> classes) {
      return classes.stream().flatMap(Deque::stream).toList();
    }

    /** Writes a checkpoint and reads it back, like a restart. */
    private void reopen() throws IOException {
      UrlQueues former = queues;
      queues = queues(directory, 300);
      queues.restore(former.segments(), former.nextNumber());
      for (HostQueue host : former.hosts().all()) {
        HostQueue again = queues.hosts().add(host.name());
        former.extents(host).forEach(extent -> queues.restore(again, extent));
        former.visitReturned(host, (of, url) -> restoreReturned(again, of, url));
        former.visitMemory(host, (_, url) -> restoreWaiting(again, url));
      }
      merges.clear();
      former.close();
    }

    private boolean restoreReturned(HostQueue host, int classNumber, PackedUrl url) {
      queues.restoreReturned(host, classNumber, url);
      return true;
    }

    private boolean restoreWaiting(HostQueue host, PackedUrl url) {
      queues.append(host, url);
      return true;
    }

    private void checkAll() throws IOException {
      for (HostQueue host : queues.hosts().all()) {
        List<String> waiting = new ArrayList<>();
        queues.visit(host, (_, url) -> waiting.add(hrefOf(url)));
        assertThat(waiting).isEqualTo(all(expected.get(host.id())));
      }
    }
  }
}
