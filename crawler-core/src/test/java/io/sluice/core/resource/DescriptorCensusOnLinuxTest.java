package io.sluice.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class DescriptorCensusOnLinuxTest {

  @TempDir private Path folder;

  private final ResourceLedger ledger = new ResourceLedger();
  private final DescriptorRules rules = new DescriptorRules();
  private final DescriptorCensus census = new DescriptorCensus(ledger, rules, Duration.ZERO);

  @Test
  void realFilesSocketsPipesAndSelectorsAreAttributed() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    rules.files(ResourceKind.FRONTIER, folder);
    try (FileChannel journal =
            FileChannel.open(
                folder.resolve("journal"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        ServerSocket server = new ServerSocket(0, 1, loopback);
        Socket client = new Socket(loopback, server.getLocalPort());
        Socket accepted = server.accept();
        Selector selector = Selector.open();
        Pipe.SourceChannel source = openPipe()) {
      assertThat(census.now().count(ResourceKind.UNATTRIBUTED)).isEqualTo(3);

      rules.localPort(ResourceKind.ADMIN, server.getLocalPort());
      rules.peer(ResourceKind.REDIS, new InetSocketAddress(loopback, server.getLocalPort()));
      Census counted = census.now();

      assertThat(counted.strays()).isEmpty();
      assertThat(more(counted, ResourceKind.FRONTIER)).isEqualTo(1);
      assertThat(more(counted, ResourceKind.ADMIN)).isEqualTo(2);
      assertThat(more(counted, ResourceKind.REDIS)).isEqualTo(1);
      assertThat(more(counted, ResourceKind.PIPE)).isEqualTo(1);
      assertThat(more(counted, ResourceKind.EPOLL)).isEqualTo(2);
      assertThat(counted.total().getAsInt())
          .isEqualTo(counted.byKind().values().stream().mapToInt(Integer::intValue).sum());
      assertThat(journal.isOpen() && client.isBound() && accepted.isBound()).isTrue();
      assertThat(selector.isOpen() && source.isOpen()).isTrue();
    }

    Census after = census.now();
    assertThat(after.strays()).isEmpty();
    assertThat(more(after, ResourceKind.EPOLL)).isZero();
  }

  @Test
  void aThousandDescriptorsAreCountedInMilliseconds() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    List<FileChannel> open = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        ledger.enter(ResourceKind.OUTPUT, "test", file);
        open.add(FileChannel.open(file));
      }
      long fastest = Long.MAX_VALUE;
      for (int i = 0; i < 20; i++) {
        long began = System.nanoTime();
        assertThat(census.now().count(ResourceKind.OUTPUT)).isEqualTo(1000);
        fastest = Math.min(fastest, System.nanoTime() - began);
      }
      assertThat(Duration.ofNanos(fastest)).isLessThan(Duration.ofMillis(50));
      System.out.println("census of 1,000 descriptors: " + fastest / 1000 + " microseconds");
    } finally {
      for (FileChannel channel : open) {
        channel.close();
      }
    }
  }

  @Test
  void aFileWithoutAnEntryIsSeenWhereverItLies() throws IOException {
    rules.claimed(folder);
    Path file = Files.createFile(folder.resolve("leaked.jar")).toRealPath();
    try (FileChannel leaked = FileChannel.open(file)) {
      Census counted = census.now();

      assertThat(leaked.isOpen()).isTrue();
      assertThat(counted.count(ResourceKind.UNATTRIBUTED)).isOne();
      assertThat(counted.strays()).singleElement().asString().endsWith(" " + file);
    }
    assertThat(census.now().count(ResourceKind.UNATTRIBUTED)).isZero();
  }

  @Test
  void anEntryWhoseFileWasClosedIsSeen() throws IOException {
    Path file = Files.createFile(folder.resolve("journal"));
    try (Ledger.Entry _ = ledger.enter(ResourceKind.FRONTIER, "frontier.journal", file)) {
      try (FileChannel open = FileChannel.open(file)) {
        assertThat(open.isOpen()).isTrue();
        assertThat(census.now().phantomCount()).isZero();
      }
      assertThat(census.now().phantoms()).containsExactly("frontier of frontier.journal, " + file);
    }
    assertThat(census.now().phantomCount()).isZero();
  }

  /**
   * Files are opened and closed as fast as possible meanwhile; the count finds an owner for each.
   */
  @Test
  void filesOpenedAndClosedDuringTheCountAreNeverStraysOrPhantoms() throws Exception {
    rules.claimed(folder);
    AtomicBoolean done = new AtomicBoolean();
    BriefFiles brief = new BriefFiles(ledger, ResourceKind.FRONTIER, "test");
    Path file = folder.resolve("file");
    Files.createFile(folder.resolve("another"));
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<?> churn =
          thread.submit(
              () -> {
                while (!done.get()) {
                  brief.replaceDurably(file, ".tmp", new byte[100]);
                  brief.read(file, 100);
                  brief.list(folder);
                  brief.sync(folder);
                }
                return null;
              });
      for (int i = 0; i < 200; i++) {
        Census counted = census.now();
        assertThat(counted.strays()).isEmpty();
        assertThat(counted.phantoms()).isEmpty();
      }
      done.set(true);
      churn.get();
    }
  }

  @Test
  void anInheritedFileThatWasRotatedOrRemovedIsNoStrayButItsNumberReusedIs() throws IOException {
    Path another = Files.createFile(folder.resolve("another")); // so it has another inode
    Path log = folder.resolve("crawl.out");
    int number;
    DescriptorCensus later;
    try (FileOutputStream _ = new FileOutputStream(log.toFile())) {
      number = numberOf(log);
      later = new DescriptorCensus(ledger, rules, Duration.ZERO);
      assertThat(later.now().strays()).isEmpty();

      Path rotated = Files.move(log, folder.resolve("crawl.out.1"));
      assertThat(later.now().strays()).isEmpty();

      Files.delete(rotated);
      assertThat(later.now().strays()).isEmpty();
      assertThat(later.now().count(ResourceKind.OTHER))
          .isEqualTo(later.atStart().count(ResourceKind.OTHER));
    }
    try (FileOutputStream _ = new FileOutputStream(another.toFile())) {
      assertThat(numberOf(another)).isEqualTo(number);
      assertThat(later.now().strays()).containsExactly(number + " " + another.toRealPath());
    }
  }

  @Test
  void aDirectoryRenamedInMidRunMakesNoStrayAndNoPhantomButALeakInItIsSeen() throws IOException {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    Path crawl = disk.resolve("crawl");
    Files.createDirectories(crawl.resolve("logs"));
    rules.home(crawl).claimed(crawl).files(ResourceKind.LOG, crawl.resolve("logs"));
    Path journal = Files.createFile(crawl.resolve("journal"));
    Path log = Files.createFile(crawl.resolve("logs/fetcher.log"));
    try (Ledger.Entry _ = ledger.enter(ResourceKind.FRONTIER, "frontier.journal", journal);
        FileChannel openJournal = FileChannel.open(journal);
        FileChannel openLog = FileChannel.open(log)) {
      Path renamed = Files.move(crawl, disk.resolve("crawl-of-today"));
      allIsOwned();
      Files.move(disk, folder.resolve("another disk"));
      allIsOwned();
      Files.delete(folder.resolve("another disk/crawl-of-today/journal"));
      allIsOwned();

      Path leak = folder.resolve("another disk").resolve(renamed.getFileName()).resolve("leak");
      try (FileChannel leaked = FileChannel.open(Files.createFile(leak))) {
        assertThat(census.now().strays()).singleElement().asString().endsWith("/leak");
        assertThat(leaked.isOpen() && openJournal.isOpen() && openLog.isOpen()).isTrue();
      }
    }
  }

  private void allIsOwned() {
    Census now = census.now();
    assertThat(now.strays()).isEmpty();
    assertThat(now.phantoms()).isEmpty();
    assertThat(now.count(ResourceKind.FRONTIER)).isOne();
    assertThat(now.count(ResourceKind.LOG)).isOne();
  }

  /** The descriptor that leads to a file. */
  private static int numberOf(Path file) throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : links.toList()) {
        if (Files.exists(link) && Files.isSameFile(link, file)) {
          return Integer.parseInt(link.getFileName().toString());
        }
      }
    }
    throw new AssertionError(file + " is not open");
  }

  private int more(Census now, ResourceKind kind) {
    return now.count(kind) - census.atStart().count(kind);
  }

  /** The writing end is closed at once: one descriptor is enough. */
  private static Pipe.SourceChannel openPipe() throws IOException {
    Pipe pipe = Pipe.open();
    pipe.sink().close();
    return pipe.source();
  }
}
