package io.sluice.frontier.inspect;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.url.Url;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.crawllog.CrawlLogReader.Entry;
import io.sluice.frontier.inspect.Explanation.HostFacts;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.shard.ShardView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds out what a frontier knows of one URL. Used once, on one thread. */
public final class Explain {

  private final Url url;
  private final ShardView shard;
  private @Nullable Explanation found;
  private long position;

  private Explain(Url url, ShardView shard) {
    this.url = url;
    this.shard = shard;
  }

  /**
   * Looks a URL up: in the seen set, at its host, and where it ended, in the crawl log.
   *
   * @throws IOException if the files are damaged; the message is one line for the operator
   */
  public static Explanation url(FrontierView frontier, Url url) throws IOException {
    try (ShardView shard = frontier.shardOf(url)) {
      Explain explain = new Explain(url, shard);
      if (shard.seen(frontier.fingerprints().of(url.href()))) {
        return explain.seen();
      }
      boolean refused = shard.seen(frontier.fingerprints().ofRefused(url.href()));
      Entry line = refused ? explain.line() : null;
      return line == null ? new Explanation.NeverSeen() : new Explanation.RefusedSeed(line);
    }
  }

  /** What is known of a host. */
  public static HostFacts facts(ShardView shard, HostQueue host) {
    return new HostFacts(
        host.name(),
        host.size(),
        shard.retries(host).size(),
        host.leases(),
        host.pages(),
        host.crawlDelay());
  }

  private Explanation seen() throws IOException {
    HostQueue host = shard.host(url.host());
    Explanation waits = host == null ? null : waiting(host);
    if (waits != null) {
      return waits;
    }
    Entry line = line();
    return line == null
        ? new Explanation.SeenOnly()
        : new Explanation.Done(line, shard.plannedAt(url));
  }

  private @Nullable Explanation waiting(HostQueue host) throws IOException {
    for (ShardView.Leased lease : shard.leases(host)) {
      if (lease.url().href().equals(url.href())) {
        return new Explanation.Leased(lease.url(), new LeaseId(shard.number(), lease.sequence()));
      }
    }
    HostFacts facts = facts(shard, host);
    for (ShardView.Retry retry : shard.retries(host)) {
      if (retry.url().href().equals(url.href())) {
        return new Explanation.WaitsForRetry(facts, retry.url(), retry.after());
      }
    }
    shard.visit(
        host,
        (_, packed) -> {
          position++;
          var queued = packed.unpack();
          if (queued.href().equals(url.href())) {
            found = new Explanation.Queued(facts, queued, position);
          }
          return found == null;
        });
    return found;
  }

  /** The URL's last line: among what ended since the checkpoint, else in the log. */
  private @Nullable Entry line() throws IOException {
    if (!shard.ended().isEmpty()) {
      ShardView.Ended last = shard.ended().getLast();
      return new Entry(last.url(), last.end());
    }
    Path file = CrawlLogReader.file(shard.place().crawlLogs(), shard.number());
    Entry last = null;
    if (Files.exists(file)) {
      try (CrawlLogReader log =
          CrawlLogReader.open(file, shard.crawlLogLength(), shard.place().ledger())) {
        for (Entry entry = log.next(); entry != null; entry = log.next()) {
          boolean same = entry.url().href().equals(url.href());
          // A seed that was refused once and accepted later has two lines: the later one counts.
          last = same ? entry : last;
        }
      }
    }
    return last;
  }
}
