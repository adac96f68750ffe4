package io.sluice.frontier.queue;

import io.sluice.frontier.politeness.HostClock;
import it.unimi.dsi.fastutil.longs.LongArrayFIFOQueue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A host, by its name alone, and its URLs that wait, by class; retries that are due go first.
 * {@link UrlQueues} changes what waits. Confined to its shard's thread.
 */
public final class HostQueue extends HostClock {

  private final int id;
  private final String name;
  private @Nullable ClassQueue queues;
  private @Nullable LongArrayFIFOQueue dueRetries;
  private int crawlDelayMillis;
  private int leases;
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

  /** The queue of the most urgent class in which a URL waits, the next behind it; null for none. */
  @Nullable ClassQueue queues() {
    return queues;
  }

  /** The queue of a class, which is made if there is none. */
  ClassQueue queue(int priority) {
    ClassQueue before = null;
    ClassQueue at = queues;
    while (at != null && at.priority() < priority) {
      before = at;
      at = at.next();
    }
    if (at != null && at.priority() == priority) {
      return at;
    }
    ClassQueue made = new ClassQueue(priority, at);
    link(before, made);
    return made;
  }

  /** Forgets a queue in which nothing waits. */
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

  /** URLs queued, retries not counted. */
  public long size() {
    long size = 0;
    for (ClassQueue queue = queues; queue != null; queue = queue.next()) {
      size += queue.size();
    }
    return size;
  }

  /** A retry's time has come; it is known by the lease that it was. */
  public void addDueRetry(long sequence) {
    if (dueRetries == null) {
      dueRetries = new LongArrayFIFOQueue(4);
    }
    dueRetries.enqueue(sequence);
  }

  /** Takes the first due retry; 0 if none is due. */
  public long pollDueRetry() {
    if (dueRetries == null) {
      return 0;
    }
    long sequence = dueRetries.dequeueLong();
    dueRetries = dueRetries.isEmpty() ? null : dueRetries;
    return sequence;
  }

  @Override
  protected boolean hasWork() {
    return queues != null || dueRetries != null;
  }

  /** What the host's robots.txt asked for last; zero for nothing. */
  public Duration crawlDelay() {
    return Duration.ofMillis(crawlDelayMillis);
  }

  /** Sets what the host's robots.txt asks for, at most 24 days. */
  public void crawlDelay(Duration delay) {
    crawlDelayMillis = Math.toIntExact(delay.toMillis());
  }

  /** Pages fetched from the host. */
  public long pages() {
    return pages;
  }

  /** Adds to the pages fetched. */
  public void addPages(long count) {
    pages += count;
  }

  /** Leases out for the host. */
  public int leases() {
    return leases;
  }

  /** A lease went out (1) or ended (-1). */
  public void addLeases(int change) {
    leases += change;
  }
}
