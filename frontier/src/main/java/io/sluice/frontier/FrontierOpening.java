package io.sluice.frontier;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.PolitenessSettings.Pace;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.governor.Governor;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.seen.SeenSet;
import io.sluice.frontier.shard.CrawlEnd;
import io.sluice.frontier.shard.Credit;
import io.sluice.frontier.shard.Message;
import io.sluice.frontier.shard.ShardPlace;
import io.sluice.frontier.shard.ShardThread;
import io.sluice.frontier.shard.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens a frontier: takes the directory, makes or recovers the shards, puts the parts together.
 * What was opened is closed again if a later step fails. Used once, on one thread.
 */
final class FrontierOpening {

  /** Is there while a frontier is made: what is there beside it counts for nothing. */
  private static final String UNFINISHED = "unfinished";

  private static final String OUTPUT = "output";

  private final SluiceConfig config;
  private final Path crawlDir;
  private final Path directory;
  private final Path crawlLogs;
  private final Ledger ledger;
  private final MeterRegistry registry;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Disk disk;
  private final List<ShardThread> shards = new ArrayList<>();
  private final MergeThread merges;

  FrontierOpening(
      SluiceConfig config,
      Path crawlDir,
      Ledger ledger,
      MeterRegistry registry,
      InstantSource clock,
      LongSupplier nanoTime,
      Disk disk) {
    this.config = config;
    this.crawlDir = crawlDir;
    this.directory = crawlDir.resolve("frontier");
    this.crawlLogs = crawlDir.resolve(OUTPUT).resolve("crawl");
    this.ledger = ledger;
    this.registry = registry;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.merges = new MergeThread(ledger);
    this.disk = disk;
  }

  Frontier open() throws IOException {
    createDirectories();
    DirectoryLock lock = DirectoryLock.take(directory, ledger);
    try {
      return open(lock);
    } catch (IOException | RuntimeException e) {
      unwind(lock, e);
      throw e;
    }
  }

  /** Their names are durable even if an earlier process made them and died. */
  private void createDirectories() throws IOException {
    Files.createDirectories(directory);
    Files.createDirectories(crawlLogs);
    Directories.sync(disk, crawlDir, ledger);
    Directories.sync(disk, crawlDir.resolve(OUTPUT), ledger);
  }

  private Frontier open(DirectoryLock lock) throws IOException {
    boolean restart = Identity.read(directory, ledger) != null;
    Identity identity = identity();
    Credit credit = credit(identity);
    CrawlEnd end = new CrawlEnd(credit, config.crawl().maxTime(), nanoTime);
    Governor governor = governor(identity, restart);
    Fingerprints fingerprints = new Fingerprints(identity.fingerprintSeed());
    Surroundings around =
        new Surroundings(
            config,
            fingerprints,
            credit,
            end,
            governor,
            nanoTime,
            clock,
            FrontierMetrics.syncTimer(registry));
    ShardRecovery.recover(
        identity.shards(),
        shard -> ShardThread.recover(place(shard), around, end::fail),
        shards,
        ledger);
    Router router = new Router(fingerprints, identity.shards());
    Frontier frontier =
        new Frontier(
            lock, shards, merges, router, credit, end, governor, config.shutdown().stepBound());
    FrontierMetrics.register(registry, frontier, credit);
    if (governor != null) {
      FrontierMetrics.register(registry, governor);
    }
    return frontier;
  }

  /** The frontier's identity; where there is none yet, that of one made now. */
  private Identity identity() throws IOException {
    int wanted = config.frontier().shards();
    Identity found = Identity.read(directory, ledger);
    if (found == null) {
      return create(new Identity(wanted, new SecureRandom().nextLong()));
    }
    if (found.shards() != wanted) {
      throw new FrontierException(
          "frontier.shards=%d: %s was made with %d, which cannot change; set it to %d"
              .formatted(wanted, directory, found.shards(), found.shards()));
    }
    disk.delete(directory.resolve(UNFINISHED)); // its maker may have died just before it did
    return found;
  }

  private Identity create(Identity identity) throws IOException {
    Path unfinished = directory.resolve(UNFINISHED);
    if (!Files.exists(unfinished)) {
      refuseLostIdentity();
    }
    try (Ledger.Entry _ = Directories.brief(ledger).enter(unfinished)) {
      disk.create(unfinished).close();
    }
    Directories.sync(disk, directory, ledger);
    for (int shard = 0; shard < identity.shards(); shard++) {
      ShardThread.create(place(shard));
    }
    Directories.sync(disk, directory, ledger);
    identity.write(directory, disk, ledger);
    disk.delete(unfinished);
    return identity;
  }

  /** Making a frontier deletes what is there; finished shards without an identity lost it. */
  private void refuseLostIdentity() throws IOException {
    if (Files.exists(place(0).directory())) {
      throw new DamagedFileException(
          directory + ": its file identity is missing; put it back, or delete the directory");
    }
  }

  private Credit credit(Identity identity) {
    Credit.Limits limits =
        new Credit.Limits(
            config.fetcher().connections(),
            config.frontier().outstandingPages(),
            config.frontier().outstandingBytes(),
            config.crawl().maxPages());
    return new Credit(limits, identity.shards(), this::wake);
  }

  /** The governor of addresses; null where these are not limited. */
  private @Nullable Governor governor(Identity identity, boolean restart) {
    Pace pace = config.politeness().address();
    if (!pace.limits()) {
      return null;
    }
    long now = nanoTime.getAsLong();
    long openNanos = restart ? now + pace.delay().toNanos() : now;
    return new Governor(pace, identity.shards(), openNanos, nanoTime, this::wake);
  }

  private void wake(int shard) {
    shards.get(shard).send(new Message.Wake());
  }

  private ShardPlace place(int shard) {
    return new ShardPlace(
        shard,
        directory.resolve("shard-%02d".formatted(shard)),
        crawlLogs,
        config.output().compressionLevel(),
        queueBytes(),
        SeenSet.RECENT_LIMIT,
        config.frontier().openFiles(),
        disk,
        merges,
        ledger);
  }

  /** A shard's part, as far as an arena can address it. */
  private long queueBytes() {
    long part = config.frontier().queueBytes() / config.frontier().shards();
    return Math.min(part, 3L << 30);
  }

  private void unwind(DirectoryLock lock, Exception cause) {
    merges.close();
    for (ShardThread shard : shards) {
      try {
        shard.abandon();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
    try {
      lock.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
