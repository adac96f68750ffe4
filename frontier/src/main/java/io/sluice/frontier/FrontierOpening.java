package io.sluice.frontier;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.PolitenessSettings.Pace;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.lifecycle.Closing;
import io.sluice.core.resource.FileMark;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.credit.Credit;
import io.sluice.frontier.governor.Governor;
import io.sluice.frontier.hold.Uplink;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.seen.SeenSet;
import io.sluice.frontier.shard.EndDetector;
import io.sluice.frontier.shard.Message;
import io.sluice.frontier.shard.ShardContext;
import io.sluice.frontier.shard.ShardThread;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens a frontier: takes the directory, creates or recovers the shards, and assembles the parts.
 * Everything that was opened is closed again if a later step fails. Used once, on one thread.
 */
final class FrontierOpening {

  /**
   * Name of the file that exists while a frontier is being created. The files beside it are then
   * incomplete and may be deleted.
   */
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

  /**
   * Creates the directories and makes their directory entries durable, even if an earlier process
   * created them and crashed.
   */
  private void createDirectories() throws IOException {
    Files.createDirectories(directory);
    Files.createDirectories(crawlLogs);
    Directories.sync(disk, crawlDir, ledger);
    Directories.sync(disk, crawlDir.resolve(OUTPUT), ledger);
  }

  private Frontier open(DirectoryLock lock) throws IOException {
    SuffixList.keep(directory, disk, ledger);
    boolean restart = Identity.read(directory, ledger) != null;
    Identity identity = identity();
    Credit credit = credit(identity);
    EndDetector end = new EndDetector(credit, config.crawl().maxTime(), nanoTime);
    Uplink uplink = new Uplink(config.politeness().patience().first(), nanoTime, this::wakeAll);
    Governor governor = governor(identity, restart);
    Fingerprints fingerprints = new Fingerprints(identity.fingerprintSeed());
    ShardContext context =
        new ShardContext(
            config,
            fingerprints,
            credit,
            end,
            uplink,
            governor,
            nanoTime,
            clock,
            FrontierMetrics.syncTimer(registry));
    StorageWatch storage = new StorageWatch(lock, marks(identity));
    var _ = storage.first().thenAccept(end::fail);
    ShardRecovery.recover(
        identity.shards(),
        shard -> ShardThread.recover(files(shard), context, storage::failed),
        shards,
        ledger);
    Router router = new Router(fingerprints, identity.shards());
    Frontier frontier =
        new Frontier(
            storage,
            Objects.requireNonNull(identity.crawl()),
            shards,
            merges,
            router,
            credit,
            end,
            uplink,
            governor,
            config.shutdown().stepBound());
    FrontierMetrics.register(registry, frontier, credit);
    if (governor != null) {
      FrontierMetrics.register(registry, governor);
    }
    return frontier;
  }

  /** The directories that must stay where they are while the frontier is open. */
  private List<FileMark> marks(Identity identity) throws IOException {
    List<FileMark> marks = new ArrayList<>(List.of(FileMark.of(crawlLogs)));
    for (int shard = 0; shard < identity.shards(); shard++) {
      marks.add(FileMark.of(files(shard).directory()));
    }
    return marks;
  }

  /** The frontier's identity; creates a frontier if there is none. */
  private Identity identity() throws IOException {
    int wanted = config.frontier().shards();
    Identity found = Identity.read(directory, ledger);
    if (found == null) {
      SecureRandom random = new SecureRandom();
      return create(new Identity(wanted, random.nextLong(), CrawlIdentity.random(random)));
    }
    if (found.shards() != wanted) {
      throw new FrontierException(
          "frontier.shards=%d: %s was made with %d, which cannot change; set it to %d"
              .formatted(wanted, directory, found.shards(), found.shards()));
    }
    disk.delete(directory.resolve(UNFINISHED)); // its creator may have crashed just before this
    return found.crawl() == null ? upgraded(found) : found;
  }

  /**
   * Gives an identity to a frontier of version 2. The caller has made sure that no data of the
   * crawl is left in Redis under the names of that version.
   */
  private Identity upgraded(Identity older) throws IOException {
    Identity upgraded =
        new Identity(
            older.shards(), older.fingerprintSeed(), CrawlIdentity.random(new SecureRandom()));
    upgraded.write(directory, disk, ledger);
    return upgraded;
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
      ShardStore.create(files(shard)).close();
    }
    Directories.sync(disk, directory, ledger);
    identity.write(directory, disk, ledger);
    disk.delete(unfinished);
    return identity;
  }

  /**
   * Refuses a directory that has shards but no identity, since creating a frontier would delete
   * them.
   */
  private void refuseLostIdentity() throws IOException {
    if (Files.exists(files(0).directory())) {
      throw new DamagedFileException(
          directory + ": the file identity is missing; restore it, or delete the directory");
    }
  }

  private Credit credit(Identity identity) {
    Credit.Limits limits =
        new Credit.Limits(
            config.fetcher().connections(),
            config.frontier().outstandingPages(),
            config.frontier().outstandingBytes(),
            config.crawl().maxPages(),
            config.fetcher().troubledConnections());
    return new Credit(limits, identity.shards(), this::wake);
  }

  /** The governor of addresses; null if they are not limited. */
  private @Nullable Governor governor(Identity identity, boolean restart) {
    Pace pace = config.politeness().address();
    if (!pace.limits()) {
      return null;
    }
    long now = nanoTime.getAsLong();
    long openNanos = restart ? now + pace.delay().toNanos() : now;
    return new Governor(pace, identity.shards(), openNanos, nanoTime, this::wake);
  }

  private void wakeAll() {
    shards.forEach(shard -> shard.send(new Message.Wake()));
  }

  private void wake(int shard) {
    shards.get(shard).send(new Message.Wake());
  }

  private ShardFiles files(int shard) {
    return new ShardFiles(
        shard,
        directory.resolve("shard-%02d".formatted(shard)),
        crawlLogs,
        config.output().gzipLevel(),
        queueBytes(),
        SeenSet.RECENT_LIMIT,
        config.frontier().openFiles(),
        disk,
        merges,
        ledger);
  }

  /**
   * A shard's share of the memory for queues, in bytes; at most as much as an arena can address.
   */
  private long queueBytes() {
    long part = config.frontier().queueBytes() / config.frontier().shards();
    return Math.min(part, 3L << 30);
  }

  private void unwind(DirectoryLock lock, Exception cause) {
    merges.close();
    List<Closeable> open = new ArrayList<>();
    shards.forEach(shard -> open.add(shard::abandon));
    open.add(lock::close);
    Closing.after(cause, open);
  }
}
