package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.journal.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;

/**
 * One crawl of one shard, with clean stops, kills and checkpoints, whose N-th operation on the disk
 * fails. The shard must fail at once, and the recovered shard must keep every promise, after
 * recovery and until the end of the crawl. Seed, fault and power failure determine everything, so a
 * trial can be repeated. Confined to one thread.
 */
final class RecoveryTrial {

  /** When the power fails, if it does. */
  enum Power {
    HOLDS,
    /** The power fails together with the operation. */
    FAILS_AT_ONCE,
    /** The power fails some time after the shard was recovered. */
    FAILS_LATER
  }

  /**
   * The fault of a trial.
   *
   * @param operation the operation that fails, from 1
   * @param forEver whether all later operations fail, too
   */
  record Fault(long operation, boolean forEver, Power power) {}

  private static final String INJECTED = "injected failure";

  private final Random random;
  private final Path directory;
  private final Fault fault;
  private final TestLedger ledger = new TestLedger();
  private final TestConfig config = new TestConfig();
  private final Promises promises = new Promises();
  private final FaultyDisk disk;
  private final Web web;
  private final Crawler crawler;
  private boolean made;
  private boolean healed;
  private boolean unnoticedBefore;
  private boolean forgiven;
  private int steps;
  private ShardUnderTest shard;

  @SuppressWarnings("NullAway.Init") // run() opens the shard
  RecoveryTrial(long seed, Path directory, Fault fault) {
    this.random = new Random(seed);
    this.directory = directory;
    this.fault = fault;
    this.disk = new FaultyDisk(seed + 31 * fault.operation());
    this.web = new Web(12 + random.nextInt(20), random.nextInt(4), 1 + random.nextInt(4));
    this.crawler = new Crawler(seed, web, promises);
    if (random.nextInt(3) > 0) { // small enough that the crawl spills, and merges spills
      config.queueBytes = 200L + random.nextInt(1000);
      config.seenLimit = 3 + random.nextInt(10);
    }
    config.delay = Duration.ofMillis(random.nextBoolean() ? 0 : 1 + random.nextInt(2000));
    config.connectionsPerHost = 1 + random.nextInt(2);
    config.connections = 1 + random.nextInt(8);
    config.outstandingPages = 1 + random.nextInt(16);
  }

  /** Whether the fault occurred; if not, the crawl ended undisturbed. */
  boolean run() throws IOException {
    Files.createDirectories(directory);
    disk.failAt(fault.operation(), fault.forEver(), INJECTED);
    try {
      open(Set.of());
      crawlToTheEnd();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining(INJECTED);
      recover();
      crawlToTheEnd();
    }
    checkTheEnd();
    return healed || disk.failed();
  }

  private void recover() throws IOException {
    Set<LeaseId> mustBeOut = crawler.processGone();
    assertThat(disk.retried()).isEmpty();
    assertThat(ledger.entries()).as("left open").isEmpty();
    disk.heal();
    healed = true;
    boolean lost = disk.endProcess();
    if (fault.power() == Power.FAILS_AT_ONCE) {
      disk.powerFailure();
      lost = true;
    }
    open(lost ? Set.of() : mustBeOut);
    if (fault.power() == Power.FAILS_LATER) {
      for (int left = random.nextInt(60); left > 0 && !shard.finished(); left--) {
        step();
      }
      shard.kill();
      crawler.processGone();
      disk.powerFailure();
      open(Set.of());
    }
  }

  private void crawlToTheEnd() throws IOException {
    while (!shard.finished()) {
      step();
    }
    shard.close();
    crawler.hearAnswers();
    failureIsNoticed();
  }

  private void step() throws IOException {
    assertThat(steps++).as("steps of a crawl that does not end").isLessThan(20_000);
    switch (random.nextInt(40)) {
      case 0 -> shard.checkpoint();
      case 1 -> {
        shard.close();
        open(crawler.processGone());
      }
      case 2 -> {
        shard.kill();
        open(crawler.processGone());
      }
      default -> crawler.act();
    }
    failureIsNoticed();
  }

  /**
   * Asserts that the failure is noticed at once, or one turn later if a merge failed, unless the
   * merge's result is not needed.
   */
  private void failureIsNoticed() {
    boolean unnoticed = disk.failed() && !healed && !forgiven;
    assertThat(unnoticed && unnoticedBefore).as("a failure that went unnoticed").isFalse();
    unnoticedBefore = unnoticed;
  }

  private void open(Set<LeaseId> mustBeOut) throws IOException {
    forgiven = disk.failed();
    if (!made) {
      ShardUnderTest.make(directory, disk, ledger);
      made = true;
    }
    shard = ShardUnderTest.open(directory, disk, ledger, config, crawler::now);
    assertThat(shard.leasesOut()).as("leases that a kill cannot take").containsAll(mustBeOut);
    crawler.attach(shard);
  }

  private void checkTheEnd() throws IOException {
    Set<String> all = web.reachable();
    assertThat(CrawlLogs.urls(ShardUnderTest.crawlLog(directory)))
        .containsExactlyInAnyOrderElementsOf(all);
    assertThat(all).containsAll(promises.done()).containsAll(promises.accepted());
    assertThat(shard.ended()).isEqualTo(all.size());
    assertThat(ledger.entries()).as("left open").isEmpty();
  }
}
