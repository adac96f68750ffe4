package io.sluice.frontier.shard;

import io.sluice.core.gzip.HostLines;
import io.sluice.core.gzip.LineJudge;
import io.sluice.core.gzip.MemberFilter;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.shard.Event.Done;
import io.sluice.frontier.shard.Event.Leased;
import io.sluice.frontier.shard.Event.Reserved;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Takes a host out of a shard that nobody works on. Each URL that waits is leased and ends as
 * refused, by the same events as if a crawl had refused it: wherever this is cut short, the next
 * start knows exactly which URLs ended and which wait. Used once, on one thread.
 */
public final class ShardPurge {

  /** The reason that the crawl log gives. */
  public static final String REASON = "purged";

  private static final String REASON_FIELD = ",\"outcome\":\"refused\",\"reason\":\"purged\",";

  /** URLs whose events are handed to the operating system together. */
  private static final int WRITTEN_TOGETHER = 1024;

  /**
   * What was taken out.
   *
   * @param queued URLs that waited for a first lease
   * @param retries URLs that waited to be visited again
   * @param leases leases that are out, which were left: parsers owe their outcomes
   * @param logLines lines of the crawl log
   */
  public record Result(long queued, long retries, long planned, long leases, long logLines) {}

  private final ShardStore store;
  private final InstantSource clock;
  private long unwritten;

  private ShardPurge(ShardStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Takes a host out of the queues and of the crawl log, where it leaves the lines of URLs that
   * were purged, now or before. The caller owns the frontier.
   *
   * @throws io.sluice.frontier.journal.DamagedFileException if the shard's files are damaged
   */
  public static Result purge(ShardPlace place, String host, InstantSource clock)
      throws IOException {
    ShardStore.recover(place).close(); // From here on all of the crawl log is certain.
    long logLines = purgeLog(place, host);
    try (ShardStore store = ShardStore.recover(place)) {
      HostQueue queue = store.state().host(host);
      if (queue == null) {
        return new Result(0, 0, 0, 0, logLines);
      }
      return new ShardPurge(store, clock).purge(queue, logLines);
    }
  }

  /** Counts the lines of a host that a purge takes out of a shard's crawl log. */
  public static LineJudge logJudge(String host) {
    return new LineJudge(line -> host.equals(HostLines.host(line)) && !line.contains(REASON_FIELD));
  }

  /** The checkpoint knows the log's length, and so does the next start: it stays the same. */
  private static long purgeLog(ShardPlace place, String host) throws IOException {
    Path log = CrawlLogReader.file(place.crawlLogs(), place.shard());
    LineJudge judge = logJudge(host);
    if (Files.exists(log)) {
      MemberFilter.filter(log, judge, true, Directories.brief(place.ledger()));
    }
    return judge.found();
  }

  private Result purge(HostQueue host, long logLines) throws IOException {
    ShardState state = store.state();
    List<Long> retries =
        state.retries().stream()
            .filter(retry -> retry.host() == host)
            .map(WaitingRetry::sequence)
            .sorted()
            .toList();
    long queued = host.size();
    long sequence = state.reservedUpTo();
    store.commit(new Reserved(sequence + retries.size() + queued));
    for (long retry : retries) {
      end(++sequence, host, retry);
    }
    for (long i = 0; i < queued; i++) {
      end(++sequence, host, 0);
    }
    long planned = state.calendar().remove(host.name());
    store.checkpoint();
    return new Result(queued, retries.size(), planned, host.leases(), logLines);
  }

  private void end(long sequence, HostQueue host, long retryOf) throws IOException {
    store.commit(new Leased(sequence, host.id(), retryOf));
    UrlEnd purged = new UrlEnd(Ending.REFUSED, REASON, 0, null, clock.instant(), 0, 0);
    store.commit(new Done(sequence, purged, List.of(), null));
    if (++unwritten % WRITTEN_TOGETHER == 0) {
      store.write();
    }
  }
}
