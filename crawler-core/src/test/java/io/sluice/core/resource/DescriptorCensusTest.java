package io.sluice.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorCensusTest {

  /** 127.0.0.1:8080 listening, inode 500; 127.0.0.1:40000 to 10.0.0.2:6379, inode 501. */
  private static final String LISTENING =
      "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0"
          + " 500 1 0 100 0 0 10 0";

  private static final String TO_REDIS =
      "   1: 0100007F:9C40 0200000A:18EB 01 00000000:00000000 00:00000000 00000000     0        0"
          + " 501 1 0 100 0 0 10 0";

  @TempDir private Path folder;

  private final ResourceLedger ledger = new ResourceLedger();
  private final DescriptorRules rules = new DescriptorRules();
  private Instant time = Instant.parse("2026-11-21T00:00:00Z");
  private RecordedProc proc;

  @BeforeEach
  void recordAnEmptyProcess() throws IOException {
    proc = new RecordedProc(folder.resolve("self"));
  }

  @Test
  void theLedgerIsAskedFirst() throws IOException {
    DescriptorCensus census = census();
    proc.open(20, "socket:[900]");
    proc.open(21, "socket:[901]");
    ledger.enter(ResourceKind.HTTP, "fetcher.http", 20);
    ledger.enter(ResourceKind.REDIS, "core.redis", 21);

    assertThat(census.now().byKind())
        .isEqualTo(Map.of(ResourceKind.HTTP, 1, ResourceKind.REDIS, 1));
  }

  @Test
  void aFileBelongsToTheEntryOfItsPath() throws IOException {
    DescriptorCensus census = census();
    proc.open(20, "/data/crawl/frontier/shard-0/journal");
    proc.open(21, "/data/crawl/frontier/shard-0/queue-3 (deleted)");
    proc.open(22, "/data/crawl/output/pages/1.jsonl.gz");
    ledger.enter(ResourceKind.FRONTIER, "journal", Path.of("/data/crawl/frontier/shard-0/journal"));
    ledger.enter(ResourceKind.FRONTIER, "segment", Path.of("/data/crawl/frontier/shard-0/queue-3"));
    ledger.enter(
        ResourceKind.OUTPUT, "sink", Path.of("/data/crawl/output/../output/pages/1.jsonl.gz"));

    Census counted = census.now();

    assertThat(counted.byKind())
        .isEqualTo(Map.of(ResourceKind.FRONTIER, 2, ResourceKind.OUTPUT, 1));
    assertThat(counted.phantomCount()).isZero();
  }

  @Test
  void twoDescriptorsOfOneFileNeedTwoEntries() throws IOException {
    Path file = Path.of("/data/crawl/frontier/queue-1");
    DescriptorCensus census = census();
    proc.open(20, file.toString());
    proc.open(21, file.toString());
    Ledger.Entry first = ledger.enter(ResourceKind.FRONTIER, "frontier.segment", file);

    assertThat(census.now().byKind())
        .isEqualTo(Map.of(ResourceKind.FRONTIER, 1, ResourceKind.UNATTRIBUTED, 1));

    Ledger.Entry second = ledger.enter(ResourceKind.FRONTIER, "frontier.segment", file);

    assertThat(census.now().byKind()).isEqualTo(Map.of(ResourceKind.FRONTIER, 2));

    proc.close(20);

    assertThat(census.now().phantoms())
        .containsExactly("frontier of frontier.segment, /data/crawl/frontier/queue-1");

    first.close();

    assertThat(census.now().phantomCount()).isZero();
    assertThat(ledger.entries()).containsExactly(second);
  }

  @Test
  void aFileOfAFolderThatIsOursNeedsAnEntryWhateverItsName() throws IOException {
    rules.claimed(Path.of("/data/crawl")).files(ResourceKind.LOG, Path.of("/data/crawl/logs"));
    DescriptorCensus census = census();
    proc.open(20, "/data/crawl/frontier/leaked.jar");
    proc.open(21, "/data/crawl/logs/fetcher.log");
    proc.open(22, "/data/crawling");
    proc.open(23, "/data/crawl");

    Census counted = census.now();

    assertThat(counted.byKind())
        .isEqualTo(Map.of(ResourceKind.LOG, 1, ResourceKind.UNATTRIBUTED, 3));
    assertThat(counted.strays())
        .containsExactly(
            "20 /data/crawl/frontier/leaked.jar", "22 /data/crawling", "23 /data/crawl");
  }

  @Test
  void aCrawlBehindASymbolicLinkIsKnownByItsRealName() throws IOException {
    Path real = Files.createDirectories(folder.resolve("disk")).toRealPath();
    Path link = Files.createSymbolicLink(folder.resolve("crawl"), real);
    rules.claimed(link).files(ResourceKind.LOG, link.resolve("logs"));
    DescriptorCensus census = census();
    proc.open(20, real.resolve("journal").toString());
    proc.open(21, real.toString());
    ledger.enter(ResourceKind.FRONTIER, "frontier.journal", link.resolve("journal"));
    ledger.enter(ResourceKind.FRONTIER, "frontier.directory", link);

    Census counted = census.now();

    assertThat(counted.byKind()).isEqualTo(Map.of(ResourceKind.FRONTIER, 2));
    assertThat(counted.phantomCount()).isZero();
  }

  @Test
  void whatIsBeingOpenedIsNotCountedYet() throws IOException {
    Path file = Path.of("/data/crawl/frontier/queue-1");
    ResourceLedger late = new ResourceLedger();
    DescriptorCensus census =
        new DescriptorCensus(
            proc.root(),
            afterTheFirstLook(late, () -> late.enter(ResourceKind.FRONTIER, "segment", file)),
            rules,
            Duration.ZERO,
            clock());
    proc.open(20, "/dev/null");

    Census counted = census.now();

    assertThat(counted.byKind()).isEqualTo(Map.of(ResourceKind.OTHER, 1));
    assertThat(late.open()).isEqualTo(Map.of(ResourceKind.FRONTIER, 1));
    assertThat(counted.phantomCount()).isZero();
    assertThat(census.now().phantomCount()).isOne();
  }

  @Test
  void whatTheJvmOpensForItselfIsKnown() throws IOException {
    DescriptorCensus census = census();
    proc.open(20, System.getProperty("java.home") + "/lib/modules");
    proc.open(21, "/opt/app/lib/netty-common.jar");
    proc.open(22, "/dev/urandom");
    proc.open(23, "/tmp/libnative.so (deleted)");
    proc.open(24, "pipe:[77]");
    proc.open(25, "anon_inode:[eventpoll]");
    proc.open(26, "anon_inode:[eventfd]");
    proc.open(27, "anon_inode:[timerfd]");
    proc.open(28, "/dev/null");
    proc.open(29, "/dev/pts/3");

    assertThat(census.now().byKind())
        .isEqualTo(
            Map.of(
                ResourceKind.LIBRARY, 4,
                ResourceKind.PIPE, 1,
                ResourceKind.EPOLL, 3,
                ResourceKind.OTHER, 2));
  }

  @Test
  void socketsBelongToTheirPortOrPeerOrPath() throws IOException {
    rules
        .localPort(ResourceKind.ADMIN, 8080)
        .peer(ResourceKind.REDIS, new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 6379))
        .socketPath(ResourceKind.OTHER, Path.of("/run/sluice.sock"));
    proc.tcp(LISTENING, TO_REDIS);
    proc.unix("0000: 00000002 00000000 00010000 0001 01 502 /run/sluice.sock");
    DescriptorCensus census = census();
    proc.open(20, "socket:[500]");
    proc.open(21, "socket:[501]");
    proc.open(22, "socket:[502]");
    proc.open(23, "socket:[503]");

    Census counted = census.now();

    assertThat(counted.byKind())
        .isEqualTo(
            Map.of(
                ResourceKind.ADMIN, 1,
                ResourceKind.REDIS, 1,
                ResourceKind.OTHER, 1,
                ResourceKind.UNATTRIBUTED, 1));
    assertThat(counted.strays()).containsExactly("23 socket:[503]");
  }

  @Test
  void socketsWhoseNumberJavaDoesNotTellAreCountedOff() throws IOException {
    DescriptorCensus census = census();
    proc.open(20, "socket:[900]");
    proc.open(21, "socket:[901]");
    proc.open(22, "socket:[902]");
    ledger.enter(ResourceKind.HTTP, "fetcher.http");
    Ledger.Entry dns = ledger.enter(ResourceKind.DNS, "fetcher.dns");

    assertThat(census.now().byKind())
        .isEqualTo(Map.of(ResourceKind.HTTP, 1, ResourceKind.DNS, 1, ResourceKind.UNATTRIBUTED, 1));

    proc.close(20);
    proc.close(21);
    proc.close(22);

    assertThat(census.now().phantoms())
        .containsExactlyInAnyOrder("http of fetcher.http", "dns of fetcher.dns");

    dns.close();

    assertThat(census.now().phantoms()).containsExactly("http of fetcher.http");
  }

  @Test
  void anIpv6PeerIsReadInTheKernelsWordOrder() throws IOException {
    InetAddress redis = InetAddress.ofLiteral("2001:db8::a");
    rules.peer(ResourceKind.REDIS, new InetSocketAddress(redis, 6379));
    proc.tcp6(
        "   0: 00000000000000000000000000000000:9C40 B80D01200000000000000000_0A000000:18EB 01 00000000:00000000 00:00000000 00000000     0        0 501 1 0"
            .replace("_", ""));
    DescriptorCensus census = census();
    proc.open(20, "socket:[501]");

    assertThat(census.now().byKind()).isEqualTo(Map.of(ResourceKind.REDIS, 1));
  }

  @Test
  void aServerKnownByNameIsRecognisedByItsPortAlone() throws IOException {
    rules.peer(ResourceKind.REDIS, InetSocketAddress.createUnresolved("redis", 6379));
    proc.tcp(TO_REDIS);
    DescriptorCensus census = census();
    proc.open(20, "socket:[501]");

    assertThat(census.now().byKind()).isEqualTo(Map.of(ResourceKind.REDIS, 1));
  }

  @Test
  void whatWasInheritedIsOtherButItsNumberReusedIsNot() throws IOException {
    proc.open(0, "/home/user/input");
    proc.open(9, "socket:[800]");
    DescriptorCensus census = census();

    assertThat(census.now().byKind()).isEqualTo(Map.of(ResourceKind.OTHER, 2));

    proc.open(9, "socket:[801]");

    assertThat(census.now().strays()).containsExactly("9 socket:[801]");
  }

  @Test
  void anEntryWithoutItsDescriptorIsAPhantom() throws IOException {
    DescriptorCensus census = census();
    proc.open(20, "socket:[900]");
    Ledger.Entry struck = ledger.enter(ResourceKind.HTTP, "fetcher.http", 20);
    Ledger.Entry kept = ledger.enter(ResourceKind.DNS, "fetcher.dns", 21);
    ledger.enter(ResourceKind.THREAD, "frontier.shard");
    assertThat(census.now().phantoms()).containsExactly("dns of fetcher.dns, descriptor 21");

    struck.close();
    kept.close();

    assertThat(census.now().phantomCount()).isZero();
  }

  @Test
  void whatIsEnteredOrStruckBetweenTwoLooksIsNeitherStrayNorPhantom() throws IOException {
    ResourceLedger late = new ResourceLedger();
    Ledger.Entry struck = late.enter(ResourceKind.DNS, "fetcher.dns", 21);
    DescriptorCensus census =
        new DescriptorCensus(
            proc.root(),
            afterTheFirstLook(
                late,
                () -> {
                  late.enter(ResourceKind.HTTP, "fetcher.http", 20);
                  struck.close();
                }),
            rules,
            Duration.ZERO,
            clock());
    proc.open(20, "socket:[900]");

    Census counted = census.now();

    assertThat(counted.byKind()).isEqualTo(Map.of(ResourceKind.HTTP, 1));
    assertThat(counted.phantomCount()).isZero();
  }

  @Test
  void totalAndLimitAreTheKernels() throws IOException {
    proc.open(0, "/dev/null");
    DescriptorCensus census = census();
    proc.open(20, "socket:[900]");

    assertThat(census.atStart().total()).hasValue(1);
    assertThat(census.now().total()).hasValue(2);
    assertThat(census.now().limit()).hasValue(1024);

    proc.unlimited();

    assertThat(census.now().limit()).isEmpty();
  }

  @Test
  void aFreshCountIsNotMadeAgain() throws IOException {
    DescriptorCensus census = census();
    proc.open(20, "/dev/null");
    time = time.plusMillis(900);

    assertThat(census.recent().total()).hasValue(0);

    time = time.plusMillis(200);

    assertThat(census.recent().total()).hasValue(1);
  }

  @Test
  void anOlderCountServesWhereItIsAllowed() throws IOException {
    DescriptorCensus census = census();
    proc.open(20, "pipe:[900]");
    time = time.plusSeconds(4);

    assertThat(census.recent(Duration.ofSeconds(5)).total()).hasValue(0);

    time = time.plusSeconds(1);
    assertThat(census.recent(Duration.ofSeconds(5)).total()).hasValue(1);
  }

  @Test
  void aCountIsMadeAgainWhenTheClockWasSetBack() throws IOException {
    DescriptorCensus census = census();
    proc.open(20, "/dev/null");
    time = time.minus(Duration.ofHours(3));

    assertThat(census.recent().total()).hasValue(1);
  }

  @Test
  void withoutProcOnlyTheTotalIsKnown() {
    DescriptorCensus census =
        new DescriptorCensus(folder.resolve("none"), ledger, rules, Duration.ZERO, clock());
    Census counted = census.now();

    assertThat(counted.attributed()).isFalse();
    assertThat(counted.byKind()).isEmpty();
    assertThat(counted.total()).isNotEqualTo(OptionalInt.empty());
  }

  /** A ledger that runs {@code then} after it was first read with a descriptor open. */
  private Ledger afterTheFirstLook(Ledger read, Runnable then) {
    return new Ledger() {
      private boolean done;

      @Override
      public Entry enter(ResourceKind kind, String owner, int descriptor) {
        return read.enter(kind, owner, descriptor);
      }

      @Override
      public Entry enter(ResourceKind kind, String owner, Path path) {
        return read.enter(kind, owner, path);
      }

      @Override
      public Map<ResourceKind, Integer> open() {
        return read.open();
      }

      @Override
      public List<Entry> entries() {
        List<Entry> entries = read.entries();
        if (!done && Files.isSymbolicLink(proc.root().resolve("fd/20"))) {
          done = true;
          then.run();
        }
        return entries;
      }
    };
  }

  private DescriptorCensus census() {
    return new DescriptorCensus(proc.root(), ledger, rules, Duration.ofSeconds(1), clock());
  }

  private Clock clock() {
    InstantSource source = () -> time;
    return source.withZone(ZoneOffset.UTC);
  }
}
