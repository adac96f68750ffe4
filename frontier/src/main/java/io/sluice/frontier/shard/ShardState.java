package io.sluice.frontier.shard;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.Footprint;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.queue.Revisit;
import io.sluice.frontier.queue.UrlQueues;
import io.sluice.frontier.recrawl.Calendar;
import io.sluice.frontier.scope.PrefixBudgets;
import io.sluice.frontier.seen.RunName;
import io.sluice.frontier.seen.SeenSet;
import io.sluice.frontier.shard.Event.CrawlDelayChanged;
import io.sluice.frontier.shard.Event.Done;
import io.sluice.frontier.shard.Event.GivenBack;
import io.sluice.frontier.shard.Event.HostAdded;
import io.sluice.frontier.shard.Event.Leased;
import io.sluice.frontier.shard.Event.Queued;
import io.sluice.frontier.shard.Event.Reserved;
import io.sluice.frontier.shard.Event.Retried;
import io.sluice.frontier.shard.Event.SeedRefused;
import io.sluice.frontier.shard.Event.Woken;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a shard knows and must not forget. It changes only by {@link #apply}, in live operation
 * as in recovery, and depends on nothing but the order of the events. Confined to its shard's
 * thread.
 */
final class ShardState implements AutoCloseable {

  /** Is told of each URL that ended; the crawl log. */
  interface EndedUrls {
    void ended(QueuedUrl url, UrlEnd end) throws IOException;
  }

  private final SeenSet seen;
  private final UrlQueues queues;
  private final Calendar calendar;
  private final PrefixBudgets prefixes = new PrefixBudgets();
  private final Long2ObjectOpenHashMap<OpenLease> leases = new Long2ObjectOpenHashMap<>();
  private final Long2ObjectOpenHashMap<WaitingRetry> retries = new Long2ObjectOpenHashMap<>();
  private final Map<Ending, Long> ended = new EnumMap<>(Ending.class);
  private long bytes;
  private long reservedUpTo;

  /** Takes ownership of both. */
  ShardState(SeenSet seen, UrlQueues queues) {
    this.seen = seen;
    this.queues = queues;
    this.calendar = new Calendar(queues);
  }

  /** The state of a shard without URLs; the caller closes it. */
  static ShardState empty(ShardPlace place) throws IOException {
    return open(place, List.of(), 1);
  }

  /** A state with those runs of fingerprints and nothing else yet; the caller closes it. */
  static ShardState open(ShardPlace place, List<RunName> runs, long nextRun) throws IOException {
    SeenSet seen = SeenSet.open(place.seen(), place.merges(), place.seenLimit(), runs, nextRun);
    return new ShardState(seen, new UrlQueues(place.queues()));
  }

  /**
   * Applies an event.
   *
   * @throws IllegalStateException if the event contradicts the state: in recovery, damage
   */
  void apply(Event event, EndedUrls log) throws IOException {
    switch (event) {
      case HostAdded(String name) -> queues.hosts().add(name);
      case CrawlDelayChanged(int host, Duration delay) -> host(host).crawlDelay(delay);
      case Queued accepted -> queue(accepted);
      case SeedRefused(var fingerprint, var url, var reason, var at) -> {
        seen.add(fingerprint);
        log.ended(url.unpack(), new UrlEnd(Ending.REFUSED, reason, 0, null, at, 0, 0));
      }
      case Reserved(long upTo) -> reservedUpTo = upTo;
      case Leased leased -> lease(leased);
      case Done done -> end(done, log);
      case Retried(long sequence, Duration after) -> {
        OpenLease lease = closeLease(sequence);
        addRetry(sequence, lease.host(), attempted(lease), after);
      }
      case GivenBack(long sequence) -> {
        OpenLease lease = closeLease(sequence);
        queues.putBack(lease.host(), lease.url());
      }
      case Woken(int count) -> calendar.wake(count);
    }
  }

  private void queue(Queued accepted) {
    seen.add(accepted.fingerprint());
    prefixes.add(accepted.prefix());
    queues.append(host(accepted.host()), accepted.url());
  }

  private void lease(Leased leased) throws IOException {
    HostQueue host = host(leased.host());
    openLease(leased.sequence(), host, takeUrl(host, leased.retryOf()));
  }

  private PackedUrl takeUrl(HostQueue host, long retryOf) throws IOException {
    if (retryOf != 0) {
      WaitingRetry retry = retries.remove(retryOf);
      if (retry != null && retry.host() == host) {
        return retry.url();
      }
    } else {
      PackedUrl url = queues.poll(host);
      if (url != null) {
        return url;
      }
    }
    throw new IllegalStateException("a lease on a URL that " + host.name() + " does not have");
  }

  private void end(Done done, EndedUrls log) throws IOException {
    OpenLease lease = closeLease(done.sequence());
    UrlEnd end = done.end();
    ended.merge(end.ending(), 1L, Long::sum);
    bytes += end.bytes();
    QueuedUrl url = lease.queued();
    if (end.ending() == Ending.PAGE && url.revisit() == null) {
      lease.host().addPages(1);
    }
    log.ended(url.attempted(), end);
    for (Queued accepted : done.accepted()) {
      queue(accepted);
    }
    if (done.plan() != null) {
      Revisit revisit = done.plan().revisit();
      calendar.add(done.plan().dueSecond(), PackedUrl.pack(url.again(revisit)));
    }
  }

  private OpenLease closeLease(long sequence) {
    OpenLease lease = leases.remove(sequence);
    if (lease == null) {
      throw new IllegalStateException("lease " + sequence + " is not out");
    }
    lease.host().addLeases(-1);
    return lease;
  }

  private static PackedUrl attempted(OpenLease lease) {
    return PackedUrl.pack(lease.queued().attempted());
  }

  // What a checkpoint puts back, and the events above share.

  HostQueue restoreHost(String name, Duration crawlDelay, long pages) {
    HostQueue host = queues.hosts().add(name);
    host.crawlDelay(crawlDelay);
    host.addPages(pages);
    if (Calendar.isBucket(host)) {
      calendar.restore(host);
    }
    return host;
  }

  void restoreLease(long sequence, int host, PackedUrl url) {
    openLease(sequence, host(host), url);
  }

  void restoreRetry(long sequence, int host, PackedUrl url, Duration after) {
    addRetry(sequence, host(host), url, after);
  }

  void restoreTotals(long reserved, long bytesReceived, Map<Ending, Long> endings) {
    reservedUpTo = reserved;
    bytes = bytesReceived;
    ended.putAll(endings);
  }

  private void openLease(long sequence, HostQueue host, PackedUrl url) {
    leases.put(sequence, new OpenLease(sequence, host, url));
    host.addLeases(1);
  }

  private void addRetry(long sequence, HostQueue host, PackedUrl url, Duration after) {
    retries.put(sequence, new WaitingRetry(sequence, host, url, after));
  }

  // What is known.

  SeenSet seen() {
    return seen;
  }

  /** The hosts and the URLs that wait for a first lease, or were given back. */
  UrlQueues queues() {
    return queues;
  }

  /** The pages that wait to be visited again. */
  Calendar calendar() {
    return calendar;
  }

  /** How many URLs of each path prefix were accepted, where there is a budget. */
  PrefixBudgets prefixes() {
    return prefixes;
  }

  HostQueue host(int id) {
    return queues.hosts().get(id);
  }

  @Nullable HostQueue host(String name) {
    return queues.hosts().get(name);
  }

  /** All hosts, by number; the calendar's buckets are among them. */
  List<HostQueue> hosts() {
    return queues.hosts().all();
  }

  @Nullable OpenLease lease(long sequence) {
    return leases.get(sequence);
  }

  /** How many leases are out. */
  int leaseCount() {
    return leases.size();
  }

  /** The leases that are out, in the order of their issue. */
  List<OpenLease> leases() {
    return leases.values().stream().sorted(Comparator.comparingLong(OpenLease::sequence)).toList();
  }

  Collection<WaitingRetry> retries() {
    return retries.values();
  }

  @Nullable WaitingRetry retry(long sequence) {
    return retries.get(sequence);
  }

  /** URLs that wait for a lease, retries included, those on the calendar not. */
  long queued() {
    return queues.size() - calendar.size() + retries.size();
  }

  /** URLs that ended, by ending; a copy. */
  Map<Ending, Long> ended() {
    return Map.copyOf(ended);
  }

  long ended(Ending ending) {
    return ended.getOrDefault(ending, 0L);
  }

  /** Body bytes of the URLs that ended. */
  long bytes() {
    return bytes;
  }

  /** Leases up to this sequence may have been issued. */
  long reservedUpTo() {
    return reservedUpTo;
  }

  /** What the state takes up. */
  Footprint footprint() {
    return new Footprint(
        queues.memoryBytes(),
        queues.segmentCount(),
        seen.memoryBytes(),
        seen.diskBytes(),
        seen.runs().size(),
        prefixes.size());
  }

  /** Closes the files of what is on disk. */
  @Override
  public void close() throws IOException {
    try (seen) {
      queues.close();
    }
  }
}
