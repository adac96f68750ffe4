package io.sluice.frontier;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.shard.ShardCheck;
import io.sluice.frontier.shard.ShardPlace;
import io.sluice.frontier.shard.ShardPurge;
import io.sluice.frontier.shard.ShardRepair;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;

/**
 * A frontier that no crawl works on, owned by who changes its files: no crawl can begin meanwhile.
 * Confined to one thread.
 */
public final class StoppedFrontier implements AutoCloseable {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** URLs in memory during a repair take up so much; others are spilled. */
  private static final long REPAIR_QUEUE_BYTES = 128 << 20;

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
   * @throws FrontierInUseException if a live process owns it; the message names that
   * @throws FrontierException if there is none
   */
  public static StoppedFrontier take(Path crawlDir, Ledger ledger) throws IOException {
    FrontierView view = FrontierView.of(crawlDir, ledger);
    Path directory = crawlDir.resolve("frontier");
    return new StoppedFrontier(directory, view, DirectoryLock.take(directory, ledger));
  }

  /** What its files say. */
  public FrontierView view() {
    return view;
  }

  /** Takes a host out of the queues and of the crawl log; see {@link ShardPurge#purge}. */
  public ShardPurge.Result purge(String host, InstantSource clock) throws IOException {
    return ShardPurge.purge(view.place(view.shardOf(host)), host, clock);
  }

  /**
   * Repairs the shards in which {@link ShardCheck} finds problems. What is replaced is kept in
   * {@code frontier/quarantine-<time>}.
   *
   * @param losses is told what is lost, in lines
   * @return how many shards were repaired
   * @throws io.sluice.frontier.journal.DamagedFileException if a shard has no checkpoint at all
   */
  public int repair(InstantSource clock, Consumer<String> losses) throws IOException {
    Path quarantine = directory.resolve("quarantine-" + TIME.format(clock.instant()));
    int repaired = 0;
    for (int shard = 0; shard < view.shards(); shard++) {
      ShardPlace place = view.place(shard, REPAIR_QUEUE_BYTES);
      var check = ShardCheck.check(place, view.fingerprints(), view::shardOf);
      if (!check.problems().isEmpty()) {
        ShardRepair.repair(place, view.fingerprints(), quarantine, losses);
        repaired++;
      }
    }
    return repaired;
  }

  /** Gives the frontier up. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
