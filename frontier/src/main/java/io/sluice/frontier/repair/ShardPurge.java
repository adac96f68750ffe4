package io.sluice.frontier.repair;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.purge.HostLines;
import io.sluice.core.purge.LineJudge;
import io.sluice.core.purge.MemberFilter;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.state.Event.Done;
import io.sluice.frontier.state.Event.Leased;
import io.sluice.frontier.state.Event.Reserved;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardState;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Removes a host from a shard without a running crawl. Each waiting URL is leased and ends as
 * refused, by the same events as if a crawl had refused it. Wherever a purge is interrupted, the
 * next start therefore knows exactly which URLs ended and which still wait. Used once, on one
 * thread.
 */
public final class ShardPurge {

  private static final String REASON_FIELD =
      ",\"outcome\":\"refused\",\"reason\":\"" + Reason.PURGED.word() + "\",";

  /** Number of URLs whose events are handed to the operating system together. */
  private static final int WRITTEN_TOGETHER = 1024;

  /**
   * The numbers of removed URLs and lines.
   *
   * @param queued URLs that waited, including those set aside
   * @param retries URLs that waited for another attempt
   * @param leases leases that are out, which were left in place, since their outcomes are still to
   *     come
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
   * Removes a host from the queues and from the crawl log, except for the lines of URLs that this
   * or an earlier purge ended. The caller owns the frontier.
   *
   * @throws io.sluice.frontier.journal.DamagedFileException if the shard's files are damaged
   */
  public static Result purge(ShardFiles files, String host, InstantSource clock)
      throws IOException {
    ShardStore.recover(files).close(); // From here on the whole crawl log counts as certain.
    long logLines = purgeLog(files, host);
    try (ShardStore store = ShardStore.recover(files)) {
      HostQueue queue = store.state().host(host);
      if (queue == null) {
        return new Result(0, 0, 0, 0, logLines);
      }
      return new ShardPurge(store, clock).purge(queue, logLines);
    }
  }

  /**
   * Creates a judge that selects, and counts, the lines of a host that a purge removes from a
   * shard's crawl log.
   */
  public static LineJudge logJudge(String host) {
    return new LineJudge(line -> host.equals(HostLines.host(line)) && !line.contains(REASON_FIELD));
  }

  /**
   * Removes a host's lines from the log without changing its length, on which the checkpoint and
   * the next start rely.
   */
  private static long purgeLog(ShardFiles files, String host) throws IOException {
    Path log = CrawlLogReader.file(files.crawlLogs(), files.shard());
    LineJudge judge = logJudge(host);
    if (Files.exists(log)) {
      MemberFilter.filter(log, judge, true, Directories.brief(files.ledger()));
    }
    return judge.found();
  }

  private Result purge(HostQueue host, long logLines) throws IOException {
    ShardState state = store.state();
    long retries = state.retries().remove(host.name(), url -> state.queues().append(host, url));
    if (retries > 0) {
      store.checkpoint(); // no event records that they moved from the calendar to the host
    }
    long queued = host.size();
    long setAside = host.setAside();
    long sequence = state.reservedUpTo();
    store.commit(new Reserved(sequence + queued + setAside));
    for (long i = 0; i < queued; i++) {
      end(++sequence, host, false);
    }
    for (long i = 0; i < setAside; i++) {
      end(++sequence, host, true);
    }
    long planned = state.calendar().remove(host.name(), _ -> {});
    store.checkpoint();
    return new Result(queued - retries + setAside, retries, planned, host.leases(), logLines);
  }

  private void end(long sequence, HostQueue host, boolean setAside) throws IOException {
    store.commit(new Leased(sequence, host.id(), setAside, 0));
    UrlEnd purged = new UrlEnd(Ending.REFUSED, Reason.PURGED, 0, null, clock.instant(), 0, 0);
    store.commit(new Done(sequence, purged, List.of(), null));
    if (++unwritten % WRITTEN_TOGETHER == 0) {
      store.write();
    }
  }
}
