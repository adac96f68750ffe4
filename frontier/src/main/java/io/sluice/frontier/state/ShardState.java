package io.sluice.frontier.state;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.EndedBy;
import io.sluice.frontier.Footprint;
import io.sluice.frontier.hold.HostState;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.queue.Calendar;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.Hosts;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.QueueClass;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.queue.Revisit;
import io.sluice.frontier.queue.UrlQueues;
import io.sluice.frontier.scope.PrefixBudgets;
import io.sluice.frontier.seen.RunName;
import io.sluice.frontier.seen.SeenSet;
import io.sluice.frontier.state.Event.Asked;
import io.sluice.frontier.state.Event.CrawlDelayChanged;
import io.sluice.frontier.state.Event.DomainAdmitted;
import io.sluice.frontier.state.Event.Done;
import io.sluice.frontier.state.Event.GivenBack;
import io.sluice.frontier.state.Event.HoppedBack;
import io.sluice.frontier.state.Event.HostAdded;
import io.sluice.frontier.state.Event.HostChanged;
import io.sluice.frontier.state.Event.HostGivenUp;
import io.sluice.frontier.state.Event.Leased;
import io.sluice.frontier.state.Event.LeftAlone;
import io.sluice.frontier.state.Event.Postponed;
import io.sluice.frontier.state.Event.Queued;
import io.sluice.frontier.state.Event.Reserved;
import io.sluice.frontier.state.Event.Retried;
import io.sluice.frontier.state.Event.RetriesWoken;
import io.sluice.frontier.state.Event.RevisitsMoved;
import io.sluice.frontier.state.Event.RevisitsWoken;
import io.sluice.frontier.state.Event.SeedRefused;
import io.sluice.frontier.state.Event.SetAside;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import it.unimi.dsi.fastutil.longs.LongSet;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The durable state of a shard. It changes only by {@link #apply}, both in operation and in
 * recovery, and depends only on the order of the events. Confined to its shard's thread.
 */
public final class ShardState implements AutoCloseable {

  /**
   * Receives what the crawl log records: URLs that ended, hosts that were given up or are left
   * alone, and requests that did not give a URL its final status.
   */
  public interface EndedUrls {
    void ended(QueuedUrl url, UrlEnd end) throws IOException;

    /** A host was given up with {@code urls} URLs. */
    default void givenUp(String host, String reason, long urls, Instant at) throws IOException {}

    /** A host is left alone for longer than its delay. */
    default void leftAlone(LeftAlone host) throws IOException {}

    /**
     * A request ended without giving a URL its final status: it fetched robots.txt, for example, or
     * its URL will be retried.
     */
    default void asked(Asked asked) throws IOException {}
  }

  private final SeenSet seen;
  private final UrlQueues queues;
  private final Hosts hosts;
  private final Calendar calendar;
  private final Calendar retries;
  private final PrefixBudgets prefixes = new PrefixBudgets();
  private final Long2ObjectOpenHashMap<OpenLease> leases = new Long2ObjectOpenHashMap<>();
  private final Map<Ending, Long> ended = new EnumMap<>(Ending.class);
  private final ReasonTally reasons = new ReasonTally();
  private final Set<String> admitted = new LinkedHashSet<>();

  /** Fingerprints of URLs that were queued although seen before and have not ended since. */
  private final LongOpenHashSet requeued = new LongOpenHashSet();

  private final RestingHosts resting = new RestingHosts();

  private long bytes;
  private long reservedUpTo;
  private long runningMillis;
  private long judgedBy;

  /** Creates a state without leases. Takes ownership of {@code seen} and {@code queues}. */
  ShardState(SeenSet seen, UrlQueues queues) {
    this.seen = seen;
    this.queues = queues;
    this.hosts = queues.hosts();
    this.calendar = new Calendar(queues, Calendar.Use.REVISITS);
    this.retries = new Calendar(queues, Calendar.Use.RETRIES);
  }

  /** The state of a shard without URLs; the caller closes it. */
  static ShardState empty(ShardFiles files) throws IOException {
    return open(files, List.of(), 1);
  }

  /** A state with the given runs of fingerprints and no other contents; the caller closes it. */
  public static ShardState open(ShardFiles files, List<RunName> runs, long nextRun)
      throws IOException {
    SeenSet seen = SeenSet.open(files.seen(), files.merges(), files.seenLimit(), runs, nextRun);
    return new ShardState(seen, new UrlQueues(files.queues()));
  }

  /**
   * Applies an event.
   *
   * @throws IllegalStateException if the event contradicts the state, which in recovery means
   *     damage
   */
  public void apply(Event event, EndedUrls log) throws IOException {
    switch (event) {
      case HostAdded(String name) -> hosts.add(name);
      case CrawlDelayChanged(int host, Duration delay) -> host(host).crawlDelay(delay);
      case HostChanged(int host, HostState state, long atMillis) -> {
        passTo(atMillis);
        change(host(host), state);
      }
      case HostGivenUp(int host, GivenUp state, long urls, Instant at) -> {
        passTo(state.atMillis());
        change(host(host), state);
        log.givenUp(host(host).name(), state.reason(), urls, at);
      }
      case LeftAlone leftAlone -> {
        resting.add(leftAlone);
        log.leftAlone(leftAlone);
      }
      case Asked asked -> log.asked(asked);
      case DomainAdmitted(String domain) -> admitted.add(domain);
      case Queued accepted -> queue(accepted);
      case SeedRefused(var fingerprint, var url, var reason, var at) -> {
        seen.add(fingerprint);
        log.ended(url.unpack(), new UrlEnd(Ending.REFUSED, reason, 0, null, at, 0, 0, null));
      }
      case Reserved(long upTo) -> reservedUpTo = upTo;
      case Leased leased -> lease(leased);
      case Done done -> end(done, log);
      case Retried(long sequence, long dueMillis, String reason) -> {
        QueuedUrl url = closeLease(sequence).queued();
        retries.add(dueMillis, PackedUrl.pack(url.attempted(1).putOff(reason)));
      }
      case Postponed(long sequence, String reason) -> {
        OpenLease lease = closeLease(sequence);
        queues.append(lease.host(), PackedUrl.pack(lease.queued().putOff(reason)));
      }
      case SetAside(long sequence, String reason) -> {
        OpenLease lease = closeLease(sequence);
        setAside(lease.host(), lease.queued().putOff(reason));
      }
      case HoppedBack(long sequence) -> {
        OpenLease lease = closeLease(sequence);
        queues.putBack(lease.host(), PackedUrl.pack(lease.queued().hoppedBack()));
      }
      case GivenBack(long sequence) -> {
        OpenLease lease = closeLease(sequence);
        queues.putBack(lease.host(), lease.url());
      }
      case RevisitsWoken(int count) -> calendar.wake(count);
      case RevisitsMoved(long from, long to) -> calendar.move(from, to);
      case RetriesWoken(int count, long atMillis) -> {
        passTo(atMillis);
        retries.wake(count);
      }
    }
  }

  /**
   * Advances running time, which never goes back, even if simultaneous events arrive out of order.
   */
  private void passTo(long millis) {
    runningMillis = Math.max(runningMillis, millis);
  }

  private void queue(Queued accepted) {
    HostQueue host = host(accepted.host());
    seen.add(accepted.fingerprint());
    prefixes.add(accepted.prefix());
    switch (accepted.how()) {
      case NEW -> queues.append(host, accepted.url());
      case AGAIN -> {
        requeued.add(accepted.fingerprint());
        queues.append(host, accepted.url());
      }
      case SET_ASIDE -> setAside(host, accepted.url().unpack());
    }
  }

  private void setAside(HostQueue host, QueuedUrl url) {
    queues.append(host, QueueClass.SET_ASIDE, PackedUrl.pack(url));
  }

  private void lease(Leased leased) throws IOException {
    HostQueue host = host(leased.host());
    PackedUrl url = leased.setAside() ? queues.pollSetAside(host) : queues.poll(host);
    if (url == null) {
      throw new IllegalStateException("a lease on a URL that " + host.name() + " does not have");
    }
    boolean same = !leased.setAside() && leased.correction() == 0;
    openLease(leased.sequence(), host, same ? url : corrected(leased, url.unpack()));
  }

  private static PackedUrl corrected(Leased leased, QueuedUrl url) {
    QueuedUrl judgedAgain = leased.setAside() ? url.putOff(null) : url;
    return PackedUrl.pack(judgedAgain.attempted(leased.correction()));
  }

  private void end(Done done, EndedUrls log) throws IOException {
    OpenLease lease = closeLease(done.sequence());
    UrlEnd end = done.end();
    QueuedUrl url = lease.queued();
    ended.merge(end.ending(), 1L, Long::sum);
    reasons.count(end, url.href());
    bytes += end.bytes();
    requeued.remove(done.again());
    if (end.ending() == Ending.PAGE && url.revisit() == null) {
      lease.host().addPages(1);
    }
    log.ended(url.attempted(1), end);
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

  /**
   * Changes a host's state after a visit. Only for changes that need not survive a restart; all
   * others are events.
   */
  public void change(HostQueue host, HostState next) {
    hosts.change(host, next);
  }

  // --- shared by the restoring of checkpoints and the events above ---

  public HostQueue restoreHost(String name, Duration crawlDelay, long pages, HostState state) {
    HostQueue host = hosts.add(name);
    host.crawlDelay(crawlDelay);
    host.addPages(pages);
    if (host.isBucket()) {
      calendarOf(host).restore(host);
    } else {
      change(host, state);
    }
    return host;
  }

  void restoreBucket(HostQueue bucket, long due) {
    calendarOf(bucket).restore(bucket, due);
  }

  private Calendar calendarOf(HostQueue bucket) {
    return switch (Calendar.Use.of(bucket)) {
      case REVISITS -> calendar;
      case RETRIES -> retries;
    };
  }

  /** Counts the URLs on the calendars, after a checkpoint was restored. */
  public void recount() {
    calendar.recount();
    retries.recount();
  }

  void restoreLease(long sequence, int host, PackedUrl url) {
    openLease(sequence, host(host), url);
  }

  void restoreTotals(
      long reserved, long bytesReceived, long running, long judged, Map<Ending, Long> endings) {
    reservedUpTo = reserved;
    bytes = bytesReceived;
    runningMillis = running;
    judgedBy = judged;
    ended.putAll(endings);
  }

  void restoreRequeued(long fingerprint) {
    requeued.add(fingerprint);
  }

  void restoreAdmitted(String domain) {
    admitted.add(domain);
  }

  private void openLease(long sequence, HostQueue host, PackedUrl url) {
    leases.put(sequence, new OpenLease(sequence, host, url));
    host.addLeases(1);
  }

  // --- queries ---

  public SeenSet seen() {
    return seen;
  }

  /** The hosts and the URLs that are waiting at them. */
  public UrlQueues queues() {
    return queues;
  }

  /** The pages that are waiting to be visited again. */
  public Calendar calendar() {
    return calendar;
  }

  /** The number of URLs accepted under each path prefix that has a budget. */
  public PrefixBudgets prefixes() {
    return prefixes;
  }

  public HostQueue host(int id) {
    return hosts.get(id);
  }

  public @Nullable HostQueue host(String name) {
    return hosts.get(name);
  }

  /** All hosts, by number, including the calendars' buckets. */
  public List<HostQueue> hosts() {
    return hosts.all();
  }

  /** The shard's hosts, which also count hosts and URLs by state. */
  public Hosts tally() {
    return hosts;
  }

  public @Nullable OpenLease lease(long sequence) {
    return leases.get(sequence);
  }

  /** The number of leases that are out. */
  public int leaseCount() {
    return leases.size();
  }

  /** The leases that are out, in the order of their issue. */
  public List<OpenLease> leases() {
    return leases.values().stream().sorted(Comparator.comparingLong(OpenLease::sequence)).toList();
  }

  /**
   * The URLs that are waiting for another attempt, by their due time in milliseconds of the crawl's
   * running time.
   */
  public Calendar retries() {
    return retries;
  }

  /** Reasons of ends, with counts and examples. */
  ReasonTally reasons() {
    return reasons;
  }

  /** The reasons for which URLs ended, with counts and examples; a copy. */
  public List<EndedBy> endedBy() {
    return reasons.all();
  }

  /** Registered domains that belong to the crawl because seeds redirected to them. */
  public Set<String> admitted() {
    return admitted;
  }

  /** The hosts that are left alone for longer than their delays. */
  public RestingHosts resting() {
    return resting;
  }

  /** Fingerprints of URLs that were queued although seen before and have not ended since. */
  public LongSet requeued() {
    return requeued;
  }

  /** The crawl's running time, in milliseconds, as of the latest event or turn. */
  public long runningMillis() {
    return runningMillis;
  }

  public void runningMillis(long millis) {
    passTo(millis);
  }

  /**
   * A hash of the settings that the URLs set aside were last judged by; 0 while some have not been
   * judged.
   */
  public long judgedBy() {
    return judgedBy;
  }

  /**
   * Records that the URLs set aside were judged by settings with the given hash; 0 while some have
   * not been judged.
   */
  public void judgedBy(long settings) {
    judgedBy = settings;
  }

  /**
   * Number of URLs that are waiting for a lease, including retries but not those of hosts that were
   * given up.
   */
  public long queued() {
    return hosts.live() + retries.size();
  }

  /** URLs that ended, by ending; a copy. */
  public Map<Ending, Long> ended() {
    return Map.copyOf(ended);
  }

  public long ended(Ending ending) {
    return ended.getOrDefault(ending, 0L);
  }

  /** Body bytes of the URLs that ended. */
  public long bytes() {
    return bytes;
  }

  /** The highest sequence up to which leases may have been issued. */
  public long reservedUpTo() {
    return reservedUpTo;
  }

  /** The memory and disk space that the state uses. */
  public Footprint footprint() {
    return new Footprint(
        queues.memoryBytes(),
        queues.segmentCount(),
        seen.memoryBytes(),
        seen.diskBytes(),
        seen.runs().size(),
        prefixes.size());
  }

  /** Closes the files of queues and seen set. */
  @Override
  public void close() throws IOException {
    try (seen) {
      queues.close();
    }
  }
}
