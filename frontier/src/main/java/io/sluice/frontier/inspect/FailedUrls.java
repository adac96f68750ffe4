package io.sluice.frontier.inspect;

import io.sluice.core.lease.UrlEnd;
import io.sluice.core.resource.Ledger;
import io.sluice.core.url.Url;
import io.sluice.frontier.RetryFilter;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.seen.Fingerprints;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The URLs of a shard that failed and are not waiting anywhere. A URL has failed if its last line
 * in the crawl log has the outcome {@code failed}, or {@code page} with an error status and a
 * reason that the filter names.
 *
 * <p>The log is read twice, one line at a time. The first pass notes where the last line of each
 * failed URL is; then the URLs that are waiting are removed. The second pass reports the URLs of
 * the remaining lines. About 30 bytes per failed URL are in memory, in addition to the URLs that
 * ended since the last checkpoint. Confined to one thread.
 */
public final class FailedUrls {

  /** Receives the failed URLs, in the order in which they failed. */
  @FunctionalInterface
  public interface Visitor {
    void failed(QueuedUrl url) throws IOException;
  }

  private interface Lines {
    void line(long number, QueuedUrl url, UrlEnd end) throws IOException;
  }

  private final Path log;
  private final long logLength;
  private final Ledger ledger;
  private final List<ShardView.Ended> endedSince;
  private final Fingerprints fingerprints;

  /** The number of the last line of each failed URL, by the URL's fingerprint. */
  private final Long2LongOpenHashMap lastLines = new Long2LongOpenHashMap();

  private FailedUrls(ShardView shard, Fingerprints fingerprints) {
    this.log = CrawlLogReader.file(shard.files().crawlLogs(), shard.number());
    this.logLength = shard.crawlLogLength();
    this.ledger = shard.files().ledger();
    this.endedSince = shard.ended();
    this.fingerprints = fingerprints;
  }

  /**
   * Finds the failed URLs of a shard that a filter matches.
   *
   * @param shard a view that reports all URLs that ended; not needed afterwards
   * @throws IOException if the log is damaged; the message names it
   */
  public static FailedUrls find(ShardView shard, Fingerprints fingerprints, RetryFilter filter)
      throws IOException {
    FailedUrls failed = new FailedUrls(shard, fingerprints);
    failed.readLines(
        (number, url, end) -> {
          long fingerprint = fingerprints.of(url.href());
          if (filter.matches(hostOf(url), end)) {
            failed.lastLines.put(fingerprint, number);
          } else {
            failed.lastLines.remove(fingerprint);
          }
        });
    if (!failed.lastLines.isEmpty()) {
      shard
          .unended()
          .all(
              (_, packed) -> {
                failed.lastLines.remove(fingerprints.of(packed.unpack().href()));
                return true;
              });
    }
    return failed;
  }

  private static String hostOf(QueuedUrl url) {
    Url parsed = Url.parse(url.href());
    return parsed == null ? "" : parsed.host();
  }

  /** Passes the failed URLs to the visitor. */
  public void visit(Visitor visitor) throws IOException {
    if (lastLines.isEmpty()) {
      return;
    }
    readLines(
        (number, url, _) -> {
          long fingerprint = fingerprints.of(url.href());
          if (lastLines.getOrDefault(fingerprint, -1) == number) {
            visitor.failed(url);
          }
        });
  }

  /** Reads the log's certain part, then the URLs that ended since. */
  private void readLines(Lines lines) throws IOException {
    long number = 0;
    if (Files.exists(log)) {
      try (CrawlLogReader reader = CrawlLogReader.open(log, logLength, ledger)) {
        for (CrawlLogReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
          lines.line(number++, entry.url(), entry.end());
        }
      }
    }
    for (ShardView.Ended ended : endedSince) {
      lines.line(number++, ended.url(), ended.end());
    }
  }
}
