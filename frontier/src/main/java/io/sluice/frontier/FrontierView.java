package io.sluice.frontier;

import io.sluice.core.resource.Ledger;
import io.sluice.core.url.Url;
import io.sluice.frontier.inspect.ShardView;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.seen.SeenSet;
import io.sluice.frontier.state.ShardFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A read-only view of a frontier's files, for tools that don't own the directory, whether or not a
 * crawl is running. Nothing is written and no lock is held; one shard at a time is in memory.
 * Confined to one thread.
 */
public final class FrontierView {

  /**
   * Maximum number of open files: a view keeps its segments open, since a running crawl may delete
   * them.
   */
  private static final int OPEN_FILES = 1 << 16;

  private final Path directory;
  private final Path crawlLogs;
  private final Identity identity;
  private final Fingerprints fingerprints;
  private final Router router;
  private final Ledger ledger;

  private FrontierView(Path crawlDir, Identity identity, Ledger ledger) {
    this.directory = directory(crawlDir);
    this.crawlLogs = crawlDir.resolve("output").resolve("crawl");
    this.identity = identity;
    this.fingerprints = new Fingerprints(identity.fingerprintSeed());
    this.router = new Router(fingerprints, identity.shards());
    this.ledger = ledger;
  }

  /**
   * Opens a view of the frontier in a crawl directory.
   *
   * @param ledger borrowed
   * @throws FrontierException if there is no frontier, or one of another version
   */
  public static FrontierView of(Path crawlDir, Ledger ledger) throws IOException {
    Identity identity = Identity.read(directory(crawlDir), ledger);
    if (identity == null) {
      throw new FrontierException(
          crawlDir + ": contains no frontier; name a crawl's directory (crawl.dir)");
    }
    SuffixList.use(directory(crawlDir), ledger);
    return new FrontierView(crawlDir, identity, ledger);
  }

  private static Path directory(Path crawlDir) {
    return crawlDir.resolve("frontier");
  }

  /** The process that owns the frontier, such as {@code process 17, started …}; null if none. */
  public @Nullable String owner() throws IOException {
    return DirectoryLock.holder(directory, ledger);
  }

  /** The number of shards. */
  public int shards() {
    return identity.shards();
  }

  /** The shard to which a host's URLs belong. */
  public int shardOf(String host) {
    return router.shardOf(host);
  }

  /** The hash that identifies URLs. */
  public Fingerprints fingerprints() {
    return fingerprints;
  }

  /** Where a shard's files are. */
  public ShardFiles files(int shard) {
    return files(shard, Long.MAX_VALUE);
  }

  /**
   * Where a shard's files are, for tools that spill queues to disk beyond {@code queueBytes} of
   * memory.
   */
  ShardFiles files(int shard, long queueBytes) {
    return new ShardFiles(
        shard,
        directory.resolve("shard-%02d".formatted(shard)),
        crawlLogs,
        6,
        queueBytes,
        SeenSet.RECENT_LIMIT,
        OPEN_FILES,
        Disk.SYSTEM,
        Runnable::run,
        ledger);
  }

  /** Reads a shard without its runs; the caller closes it. */
  public ShardView shard(int number) throws IOException {
    return shard(number, _ -> false);
  }

  /**
   * Reads a shard without its runs; the caller closes it.
   *
   * @param wanted selects the URLs that {@link ShardView#ended} reports
   */
  public ShardView shard(int number, Predicate<String> wanted) throws IOException {
    return ShardView.load(files(number), wanted, false);
  }

  /**
   * Reads the shard of a URL including its runs, and how the URL ended if that is recent; the
   * caller closes it.
   */
  public ShardView shardOf(Url url) throws IOException {
    return ShardView.load(files(shardOf(url.host())), url.href()::equals, true);
  }
}
