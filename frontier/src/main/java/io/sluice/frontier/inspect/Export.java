package io.sluice.frontier.inspect;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.crawllog.CrawlLogReader.Entry;
import io.sluice.frontier.queue.QueuedUrl;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes a frontier's URLs as lines: the URL, then {@code key=value} pairs, each after a tab. URLs
 * contain no white space. Reads one shard at a time and writes one line at a time. Confined to one
 * thread.
 */
public final class Export {

  private final FrontierView frontier;
  private final Writer to;
  private final boolean plain;
  private long written;

  /**
   * @param to borrowed
   * @param plain whether to write only what a seeds file may contain: the URL, its priority and tag
   */
  public Export(FrontierView frontier, Writer to, boolean plain) {
    this.frontier = frontier;
    this.to = to;
    this.plain = plain;
  }

  /** Lines so far. */
  public long written() {
    return written;
  }

  /**
   * Writes the URLs in progress: the leases that are out, the retries, and the URLs that are
   * waiting for a lease.
   */
  public void queued() throws IOException {
    for (int number = 0; number < frontier.shards(); number++) {
      try (ShardView shard = frontier.shard(number)) {
        shard
            .unended()
            .queued(
                (_, packed) -> {
                  write(packed.unpack(), null, null);
                  return true;
                });
      }
    }
  }

  /** Writes the URLs of hosts that were given up, each with the host's reason. */
  public void givenUp() throws IOException {
    for (int number = 0; number < frontier.shards(); number++) {
      try (ShardView shard = frontier.shard(number)) {
        shard.unended().givenUp((host, packed) -> write(packed.unpack(), host.reason(), null));
      }
    }
  }

  /** Writes the URLs that the current settings refuse, each with its reason. */
  public void setAside() throws IOException {
    for (int number = 0; number < frontier.shards(); number++) {
      try (ShardView shard = frontier.shard(number)) {
        shard
            .unended()
            .setAside(
                (_, packed) -> {
                  QueuedUrl url = packed.unpack();
                  write(url, url.reason(), null);
                  return true;
                });
      }
    }
  }

  /**
   * Writes the URLs that ended: those in the crawl log, then those that ended since its last
   * certain line.
   */
  public void done() throws IOException {
    for (int number = 0; number < frontier.shards(); number++) {
      try (ShardView shard = frontier.shard(number, _ -> true)) {
        writeLog(shard);
        for (ShardView.Ended ended : shard.ended()) {
          write(ended.url(), null, ended.end());
        }
      }
    }
  }

  private void writeLog(ShardView shard) throws IOException {
    Path file = CrawlLogReader.file(shard.files().crawlLogs(), shard.number());
    if (!Files.exists(file)) {
      return;
    }
    try (CrawlLogReader log =
        CrawlLogReader.open(file, shard.crawlLogLength(), shard.files().ledger())) {
      for (Entry entry = log.next(); entry != null; entry = log.next()) {
        write(entry.url(), null, entry.end());
      }
    }
  }

  /**
   * Writes a line, with the reason if the URL's host was given up or the URL is set aside, or with
   * the end if the URL ended.
   */
  private void write(QueuedUrl url, @Nullable String rests, @Nullable UrlEnd end)
      throws IOException {
    to.append(url.href());
    labels(url.labels());
    if (!plain) {
      field("depth", url.depth());
      field("attempts", url.attempts());
      field("via", url.via());
      field("reason", rests);
      if (end != null) {
        field("outcome", end.ending().word());
        field("reason", end.reason());
        field("at", end.at());
      }
    }
    to.append('\n');
    written++;
  }

  /** Writes labels in the format of a seeds file: without default values. */
  private void labels(Labels labels) throws IOException {
    if (labels.priority() != Priority.NORMAL) {
      field("priority", labels.priority().word());
    }
    field("tag", labels.tag());
  }

  private void field(String key, @Nullable Object value) throws IOException {
    if (value != null) {
      to.append('\t').append(key).append('=').append(value.toString());
    }
  }
}
