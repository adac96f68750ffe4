package io.sluice.frontier;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.repair.ShardCheck;
import io.sluice.frontier.repair.ShardPurge;
import io.sluice.frontier.repair.ShardRepair;
import io.sluice.frontier.repair.ShardRetry;
import io.sluice.frontier.state.ShardFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;

/**
 * A frontier without a running crawl, owned by a tool that changes its files. No crawl can start
 * meanwhile. Confined to one thread.
 */
public final class StoppedFrontier implements AutoCloseable {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** Maximum memory that a tool uses for the URLs of a shard; the rest is spilled to disk. */
  private static final long TOOL_QUEUE_BYTES = 128 << 20;

  private final Path directory;
  private final FrontierView view;
  private final DirectoryLock lock;

  private StoppedFrontier(Path directory, FrontierView view, DirectoryLock lock) {
    this.directory = directory;
    this.view = view;
    this.lock = lock;
  }

  /**
   * Takes the frontier of a crawl directory.
   *
   * @param ledger borrowed
   * @throws FrontierInUseException if a live process owns the frontier; the message names that
   *     process
   * @throws FrontierException if the directory has no frontier
   */
  public static StoppedFrontier take(Path crawlDir, Ledger ledger) throws IOException {
    FrontierView view = FrontierView.of(crawlDir, ledger);
    Path directory = crawlDir.resolve("frontier");
    return new StoppedFrontier(directory, view, DirectoryLock.take(directory, ledger));
  }

  public FrontierView view() {
    return view;
  }

  /** Removes a host from the queues and from the crawl log; see {@link ShardPurge#purge}. */
  public ShardPurge.Result purge(String host, InstantSource clock) throws IOException {
    return ShardPurge.purge(view.files(view.shardOf(host)), host, clock);
  }

  /**
   * Requeues the matching URLs that failed or whose hosts were given up; see {@link ShardRetry}.
   */
  public ShardRetry.Result retry(RetryFilter filter) throws IOException {
    ShardRetry.Result sum = ShardRetry.Result.NOTHING;
    for (int shard = 0; shard < view.shards(); shard++) {
      if (filter.host() == null || view.shardOf(filter.host()) == shard) {
        ShardFiles files = view.files(shard, TOOL_QUEUE_BYTES);
        sum = sum.plus(ShardRetry.retry(files, view.fingerprints(), filter));
      }
    }
    return sum;
  }

  /**
   * Repairs the shards in which {@link ShardCheck} finds problems. Replaced files are kept in
   * {@code frontier/quarantine-<time>}.
   *
   * @param losses receives the losses, a line each
   * @return how many shards were repaired
   * @throws io.sluice.frontier.journal.DamagedFileException if a shard has no checkpoint at all
   */
  public int repair(InstantSource clock, Consumer<String> losses) throws IOException {
    Path quarantine = directory.resolve("quarantine-" + TIME.format(clock.instant()));
    int repaired = 0;
    for (int shard = 0; shard < view.shards(); shard++) {
      ShardFiles files = view.files(shard, TOOL_QUEUE_BYTES);
      var check = ShardCheck.check(files, view.fingerprints(), view::shardOf);
      if (!check.problems().isEmpty()) {
        ShardRepair.repair(files, view.fingerprints(), quarantine, losses);
        repaired++;
      }
    }
    return repaired;
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
