package io.sluice.frontier.inspect;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.crawllog.CrawlLogReader.Entry;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.shard.ShardView;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes a frontier's URLs as lines: the URL, then after a tab each {@code key=value}. URLs hold no
 * white space. One shard at a time is read, one line at a time is written. Confined to one thread.
 */
public final class Export {

  private final FrontierView frontier;
  private final Writer to;
  private final boolean plain;
  private long written;

  /**
   * @param to borrowed
   * @param plain whether only what a seeds file may say is written: the URL, its priority and tag
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

  /** Writes what has not ended: the leases that are out, the retries, and what waits. */
  public void queued() throws IOException {
    for (int number = 0; number < frontier.shards(); number++) {
      try (ShardView shard = frontier.shard(number)) {
        shard.visitAll(
            (_, packed) -> {
              write(packed.unpack(), null);
              return true;
            });
      }
    }
  }

  /** Writes what ended: the crawl log, then what ended since its last certain line. */
  public void done() throws IOException {
    for (int number = 0; number < frontier.shards(); number++) {
      try (ShardView shard = frontier.shard(number, _ -> true)) {
        writeLog(shard);
        for (ShardView.Ended ended : shard.ended()) {
          write(ended.url(), ended.end());
        }
      }
    }
  }

  private void writeLog(ShardView shard) throws IOException {
    Path file = CrawlLogReader.file(shard.place().crawlLogs(), shard.number());
    if (!Files.exists(file)) {
      return;
    }
    try (CrawlLogReader log =
        CrawlLogReader.open(file, shard.crawlLogLength(), shard.place().ledger())) {
      for (Entry entry = log.next(); entry != null; entry = log.next()) {
        write(entry.url(), entry.end());
      }
    }
  }

  private void write(QueuedUrl url, @Nullable UrlEnd end) throws IOException {
    to.append(url.href());
    labels(url.labels());
    if (!plain) {
      field("depth", url.depth());
      field("attempts", url.attempts());
      field("via", url.via());
      if (end != null) {
        field("outcome", end.ending().word());
        field("reason", end.reason());
        field("at", end.at());
      }
    }
    to.append('\n');
    written++;
  }

  /** As a seeds file has them: nothing of what is usual. */
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
