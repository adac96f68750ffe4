package io.sluice.frontier.queue;

import io.sluice.core.lease.VisitKind;
import io.sluice.frontier.hold.HostState;
import io.sluice.frontier.politeness.HostClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A host, known by its name only, and its waiting URLs, by class. {@link UrlQueues} changes its
 * URLs, and {@link Hosts} its state. Confined to its shard's thread.
 */
public final class HostQueue extends HostClock {

  /** The first character of the names of buckets. */
  public static final char BUCKET = '@';

  private final int id;
  private final String name;
  private @Nullable ClassQueue queues;
  private HostState state = HostState.First.STATE;
  private int crawlDelayMillis;
  private int waiting;
  private int toJudge;
  private int leases;
  private int inHand;
  private long pages;

  HostQueue(int id, String name) {
    this.id = id;
    this.name = name;
  }

  /** The host's number in its shard, from 0 in the order of discovery. */
  public int id() {
    return id;
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * The queue of the most urgent class in which a URL is waiting, linked to the next; null for
   * none.
   */
  @Nullable ClassQueue queues() {
    return queues;
  }

  /** The queue of a class, created if there is none. */
  ClassQueue queue(int classNumber) {
    ClassQueue before = null;
    ClassQueue at = queues;
    while (at != null && at.classNumber() < classNumber) {
      before = at;
      at = at.next();
    }
    if (at != null && at.classNumber() == classNumber) {
      return at;
    }
    ClassQueue made = new ClassQueue(classNumber, at);
    link(before, made);
    return made;
  }

  /** Removes an empty queue. */
  void remove(ClassQueue empty) {
    ClassQueue before = null;
    for (ClassQueue at = queues; at != null && at != empty; at = at.next()) {
      before = at;
    }
    link(before, empty.next());
  }

  private void link(@Nullable ClassQueue before, @Nullable ClassQueue queue) {
    if (before == null) {
      queues = queue;
    } else {
      before.next(queue);
    }
  }

  /** The number of queued URLs, except those set aside. */
  public long size() {
    return waiting;
  }

  void waits(int change) {
    waiting += change;
  }

  /** Number of URLs that were set aside because settings refused them. */
  public long setAside() {
    ClassQueue queue = queues;
    while (queue != null && queue.classNumber() != QueueClass.SET_ASIDE) {
      queue = queue.next();
    }
    return queue == null ? 0 : queue.size();
  }

  /** How many of the URLs set aside are still to be judged by the settings of this run. */
  public int toJudge() {
    return toJudge;
  }

  void toJudge(int count) {
    toJudge = count;
  }

  /** The host's state, as its visits so far have shown it. */
  public HostState state() {
    return state;
  }

  void state(HostState next) {
    state = next;
  }

  /** Whether this is not a host but a bucket of a calendar, with a name that no host can have. */
  public boolean isBucket() {
    return name.charAt(0) == BUCKET;
  }

  @Override
  protected boolean hasWork() {
    return waiting > 0 || toJudge > 0;
  }

  @Override
  protected VisitKind visitKind() {
    return state.visitKind();
  }

  @Override
  protected int visitsAllowed(int connections) {
    return switch (state.kind()) {
      case FIRST, PROVEN, TROUBLED -> connections;
      case HELD -> 1;
      case GIVEN_UP -> 0;
    };
  }

  /** The crawl-delay that the host's robots.txt last requested; zero for none. */
  public Duration crawlDelay() {
    return Duration.ofMillis(crawlDelayMillis);
  }

  /** Sets the crawl-delay of the host's robots.txt, which must be at most 24 days. */
  public void crawlDelay(Duration delay) {
    crawlDelayMillis = Math.toIntExact(delay.toMillis());
  }

  /** Number of pages fetched from the host. */
  public long pages() {
    return pages;
  }

  /** Adds to the pages fetched. */
  public void addPages(long count) {
    pages += count;
  }

  /** Number of the host's leases that are out. */
  public int leases() {
    return leases;
  }

  /** Counts a lease that was issued (1) or ended (-1). */
  public void addLeases(int change) {
    leases += change;
  }

  /** Number of leases whose page is not yet in Redis. */
  public int inHand() {
    return inHand;
  }

  void inHand(int change) {
    inHand += change;
  }
}
