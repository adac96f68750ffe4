package io.sluice.frontier.inspect;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.url.Url;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.crawllog.CrawlLogReader.Entry;
import io.sluice.frontier.inspect.Explanation.Fate;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.QueueClass;
import io.sluice.frontier.seen.Fingerprints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds out what a frontier knows about one URL. Used once, on one thread. */
public final class Explain {

  private final Url url;
  private final ShardView shard;
  private @Nullable Fate found;
  private long position;

  private Explain(Url url, ShardView shard) {
    this.url = url;
    this.shard = shard;
  }

  /**
   * Looks a URL up: in the seen set, at its host, and, if it ended, in the crawl log.
   *
   * @throws IOException if the files are damaged; the message is one line for the operator
   */
  public static Explanation url(FrontierView frontier, Url given) throws IOException {
    Url url = given.withoutRootDot();
    try (ShardView shard = frontier.shardOf(url)) {
      HostQueue host = shard.host(url.host());
      return new Explanation(
          new Explain(url, shard).fate(frontier.fingerprints(), host),
          host == null ? null : HostFacts.of(shard, host),
          shard.admitted());
    }
  }

  private Fate fate(Fingerprints fingerprints, @Nullable HostQueue host) throws IOException {
    if (shard.seen(fingerprints.of(url.href()))) {
      Fate waits = host == null ? null : waiting(host);
      return waits == null ? ended() : waits;
    }
    Entry line = shard.seen(fingerprints.ofRefused(url.href())) ? line() : null;
    return line == null ? new Fate.NeverSeen() : new Fate.RefusedSeed(line);
  }

  private Fate ended() throws IOException {
    Entry line = line();
    return line == null ? new Fate.SeenOnly() : new Fate.Done(line, shard.plannedAt(url));
  }

  private @Nullable Fate waiting(HostQueue host) throws IOException {
    for (ShardView.Leased lease : shard.leases(host)) {
      if (lease.url().href().equals(url.href())) {
        return new Fate.Leased(lease.url(), new LeaseId(shard.number(), lease.sequence()));
      }
    }
    for (ShardView.Retry retry : shard.retries(host)) {
      if (retry.url().href().equals(url.href())) {
        return new Fate.WaitsForRetry(retry.url(), retry.after());
      }
    }
    shard.visit(
        host,
        (of, packed) -> {
          position++;
          var queued = packed.unpack();
          if (queued.href().equals(url.href())) {
            found =
                of == QueueClass.SET_ASIDE
                    ? new Fate.SetAside(queued)
                    : new Fate.Queued(queued, position);
          }
          return found == null;
        });
    return found;
  }

  /**
   * The URL's last line, from the URLs that ended since the checkpoint, or else from the log; null
   * if there is none.
   */
  private @Nullable Entry line() throws IOException {
    if (!shard.ended().isEmpty()) {
      ShardView.Ended last = shard.ended().getLast();
      return new Entry(last.url(), last.end());
    }
    Path file = CrawlLogReader.file(shard.files().crawlLogs(), shard.number());
    Entry last = null;
    if (Files.exists(file)) {
      try (CrawlLogReader log =
          CrawlLogReader.open(file, shard.crawlLogLength(), shard.files().ledger())) {
        for (Entry entry = log.next(); entry != null; entry = log.next()) {
          boolean same = entry.url().href().equals(url.href());
          // A seed that was refused once and accepted later has two lines; the later one counts.
          last = same ? entry : last;
        }
      }
    }
    return last;
  }
}
