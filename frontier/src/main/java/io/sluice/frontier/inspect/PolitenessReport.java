package io.sluice.frontier.inspect;

import io.sluice.core.lease.Reason;
import io.sluice.core.url.Url;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.crawllog.CrawlLogReader.Entry;
import io.sluice.frontier.crawllog.CrawlLogReader.HostLine;
import io.sluice.frontier.crawllog.CrawlLogReader.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how each host was treated, from the crawl log and the journal. Neither contains
 * requests that a killed process had in flight. The hosts of one shard at a time are in memory,
 * with two instants for each request. Confined to one thread.
 */
public final class PolitenessReport {

  /** Receives each host, shard by shard and ordered by name within a shard. */
  @FunctionalInterface
  public interface Hosts {
    /** One host's facts, and its shard. */
    void host(ShardView shard, PolitenessFacts facts);
  }

  private final @Nullable String only;
  private final Map<String, PolitenessFacts.Builder> hosts = new HashMap<>();

  /**
   * @param only the only host to report; null for all
   */
  public PolitenessReport(@Nullable String only) {
    this.only = only;
  }

  /** Reads a whole frontier, or the shard of the one host. */
  public void read(FrontierView frontier, Hosts to) throws IOException {
    int first = only == null ? 0 : frontier.shardOf(only);
    int last = only == null ? frontier.shards() - 1 : first;
    for (int number = first; number <= last; number++) {
      try (ShardView shard = frontier.shard(number, _ -> true)) {
        hosts.clear();
        readLog(shard);
        shard.ended().forEach(ended -> take(new Entry(ended.url(), ended.end())));
        shard.hostLines().forEach(this::take);
        List<Map.Entry<String, PolitenessFacts.Builder>> byName =
            hosts.entrySet().stream().sorted(Comparator.comparing(Map.Entry::getKey)).toList();
        byName.forEach(host -> to.host(shard, host.getValue().build(host.getKey())));
      }
    }
  }

  private void readLog(ShardView shard) throws IOException {
    Path file = CrawlLogReader.file(shard.files().crawlLogs(), shard.number());
    if (Files.exists(file)) {
      try (CrawlLogReader log =
          CrawlLogReader.open(file, shard.crawlLogLength(), shard.files().ledger())) {
        for (Line line = log.nextLine(); line != null; line = log.nextLine()) {
          take(line);
        }
      }
    }
  }

  private void take(Line line) {
    switch (line) {
      case Entry(var url, var end) -> {
        Url parsed = end.status() == 0 ? null : Url.parse(url.href());
        PolitenessFacts.Builder host = parsed == null ? null : of(parsed.host());
        if (host != null) {
          host.request(end.at(), end.fetchMillis());
        }
      }
      case HostLine it -> {
        PolitenessFacts.Builder host = of(it.host());
        if (host != null && it.outcome().equals("asked")) {
          host.request(it.at(), it.fetchMillis());
        } else if (host != null
            && it.until() != null
            && it.reason().equals(Reason.RETRY_AFTER.word())) {
          host.rest(it.at(), it.until());
        }
      }
    }
  }

  private PolitenessFacts.@Nullable Builder of(String host) {
    return only == null || only.equals(host)
        ? hosts.computeIfAbsent(host, _ -> new PolitenessFacts.Builder())
        : null;
  }
}
