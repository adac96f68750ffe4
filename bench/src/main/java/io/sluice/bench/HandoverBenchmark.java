package io.sluice.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.LeaseRecovery;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.Page;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.server.EmbeddedRedis;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.stream.Batch;
import io.sluice.core.stream.Claimant;
import io.sluice.core.stream.ConsumerSettings;
import io.sluice.core.stream.Delivery;
import io.sluice.core.stream.Finished;
import io.sluice.core.stream.Isolation;
import io.sluice.core.stream.Membership;
import io.sluice.core.stream.PageConsumer;
import io.sluice.core.stream.PartitionKeys;
import io.sluice.core.stream.SlotRecord;
import io.sluice.fetcher.handover.Handover;
import io.sluice.fetcher.handover.RecordBounds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The whole handover through Redis without fetching and parsing: pages of 8 KiB are published and
 * outcomes with 130 links are returned, through an embedded Redis with its append-only file on.
 * Prints pages per second and CPU seconds per 1,000 pages of the JVM and of redis-server.
 *
 * <p>Arguments: pages (100000), worker threads (2), links per page (130), bytes per page (8192).
 */
public final class HandoverBenchmark {

  private static final int CREDIT = 2_048;
  private static final PartitionKeys KEYS = new PartitionKeys("bench", 0);
  private static final CrawlIdentity CRAWL = CrawlIdentity.random(new SecureRandom());

  private final Path dir;
  private final int links;
  private final byte[] body;
  private final Semaphore credit = new Semaphore(CREDIT);
  private final AtomicLong settled = new AtomicLong();
  private volatile boolean done;

  private HandoverBenchmark(Path dir, int links, int bytes) {
    this.dir = dir;
    this.links = links;
    this.body = new byte[bytes];
    new Random(1).nextBytes(body);
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws Exception {
    int pages = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    int workers = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    int links = args.length > 2 ? Integer.parseInt(args[2]) : 130;
    int bytes = args.length > 3 ? Integer.parseInt(args[3]) : 8_192;
    Path dir = Files.createTempDirectory("sluice-bench");
    Files.createDirectories(dir.resolve("frontier"));
    Ledger ledger = new ResourceLedger();
    try (EmbeddedRedis redis = EmbeddedRedis.start(dir, ledger)) {
      RedisSettings settings =
          new RedisSettings(
              redis.uri(),
              Duration.ofSeconds(5),
              new RedisSettings.Pool(20, Duration.ofSeconds(5)));
      try (RedisPool pool =
          RedisPool.open(settings, KEYS, "bench", ledger, new SimpleMeterRegistry())) {
        HandoverBenchmark bench = new HandoverBenchmark(dir, links, bytes);
        bench.run("warm-up", pool, redis, ledger, 1, pages, workers);
        bench.run("measured", pool, redis, ledger, pages + 1, pages, workers);
      }
    }
  }

  private void run(
      String name,
      RedisPool pool,
      EmbeddedRedis redis,
      Ledger ledger,
      int from,
      int pages,
      int workers)
      throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Handover handover =
        Handover.open(
            pool,
            KEYS,
            new Claimant(CRAWL, dir, "here", "-"),
            new Desk(),
            new RecordBounds(1_024, 8 << 20),
            ledger,
            registry);
    handover.recover(new NothingOut(), new CompletableFuture<>());
    done = false;
    settled.set(0);
    List<Thread> threads = new ArrayList<>();
    Isolation isolation = new Isolation(workers);
    long jvm = cpuMillis(ProcessHandle.current());
    long server = cpuMillis(ProcessHandle.of(redis.pid()).orElseThrow());
    long start = System.nanoTime();
    for (int i = 0; i < workers; i++) {
      String worker = "w" + i;
      threads.add(Thread.ofPlatform().start(() -> work(pool, worker, isolation, registry)));
    }
    for (int number = from; number < from + pages; number++) {
      credit.acquire();
      var _ = handover.publish(page(number)).toCompletableFuture();
    }
    credit.acquire(CREDIT);
    credit.release(CREDIT);
    double seconds = (System.nanoTime() - start) / 1e9;
    double jvmCpu = cpuMillis(ProcessHandle.current()) - jvm;
    double serverCpu = cpuMillis(ProcessHandle.of(redis.pid()).orElseThrow()) - server;
    done = true;
    for (Thread thread : threads) {
      thread.join();
    }
    handover.drain(Deadline.in(Duration.ofSeconds(5)));
    handover.close();
    System.out.printf(
        "%-9s %,d pages (%,d settled), %d workers: %,.0f pages/s;"
            + " CPU s/1000 pages: JVM %.3f, redis-server %.3f%n",
        name, pages, settled.get(), workers, pages / seconds, jvmCpu / pages, serverCpu / pages);
  }

  private void work(
      RedisPool pool, String worker, Isolation isolation, SimpleMeterRegistry registry) {
    try (PageConsumer consumer =
        PageConsumer.open(
            pool,
            new Membership(KEYS, dir, () -> CRAWL, "bench", "bench"),
            worker,
            ConsumerSettings.claimingAfter(Duration.ofMinutes(5)),
            isolation,
            registry)) {
      while (!done) {
        Batch batch = consumer.read(32, 1 << 20, Duration.ofMillis(100));
        if (!batch.deliveries().isEmpty()) {
          List<Finished> finished = batch.deliveries().stream().map(this::finish).toList();
          SlotRecord record = new SlotRecord(worker, List.of(), false);
          consumer.commit(batch.session(), record, finished, Duration.ofSeconds(5));
        }
      }
    }
  }

  private Finished finish(Delivery delivery) {
    Page page = (Page) delivery.content(); // nothing else is published here
    List<String> found = new ArrayList<>(links);
    for (int i = 0; i < links; i++) {
      found.add("http://docs.example.test/manual/chapter-" + i * 7919 % 1000 + "/section.html");
    }
    UrlEnd end =
        new UrlEnd(Ending.PAGE, Reason.OK, 200, page.ip(), page.fetchedAt(), 12, body.length);
    return new Finished(
        delivery.entryId(),
        new Outcome(page.lease(), page.url(), page.depth(), page.labels(), end, found));
  }

  private Page page(int number) {
    return new Page(
        new LeaseId(0, number),
        "http://docs.example.test/page/" + number + ".html",
        "http://docs.example.test/",
        List.of(),
        3,
        Labels.NONE,
        1,
        "HTTP/1.1",
        200,
        "OK",
        "GET /page/" + number + ".html HTTP/1.1\r\nHost: docs.example.test\r\n\r\n",
        List.of(
            new Header("Server", "nginx"),
            new Header("Date", "Sat, 21 Nov 2026 06:00:00 GMT"),
            new Header("Content-Type", "text/html; charset=utf-8"),
            new Header("Content-Encoding", "gzip"),
            new Header("Connection", "keep-alive")),
        """
        HTTP/1.1 200 OK\r
        Server: nginx\r
        Date: Sat, 21 Nov 2026 06:00:00 GMT\r
        Content-Type: text/html; charset=utf-8\r
        Content-Encoding: gzip\r
        Connection: keep-alive\r
        \r
        """,
        "127.0.0.1",
        Instant.now(),
        Instant.now(),
        12,
        false,
        Body.of(body));
  }

  /** User and system time of a process, in milliseconds. */
  private static long cpuMillis(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
  }

  /** A desk whose settlements complete at once. */
  private final class Desk implements LeaseDesk {
    @Override
    public CompletionStage<Ruling> visited(LeaseId lease, Visit visit) {
      return CompletableFuture.completedFuture(Ruling.CHARGED);
    }

    @Override
    public void outstanding(LeaseId lease, long bytes) {}

    @Override
    public CompletionStage<Void> settle(LeaseId lease, Settlement settlement) {
      settled.incrementAndGet();
      credit.release();
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Recovery after a process that left no leases behind. */
  private static final class NothingOut implements LeaseRecovery {
    @Override
    public Set<LeaseId> outAtStart() {
      return Set.of();
    }

    @Override
    public CompletionStage<Void> giveBack(Collection<LeaseId> lost) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> strike(Collection<LeaseId> inHand) {
      return CompletableFuture.completedFuture(null);
    }
  }
}
