package io.sluice.frontier.queue;

import io.sluice.frontier.politeness.HostClock;
import it.unimi.dsi.fastutil.longs.LongArrayFIFOQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A host, by its name alone, and its URLs that wait: those queued, in order, and retries that are
 * due, which go first. Confined to its shard's thread.
 */
public final class HostQueue extends HostClock {

  private final int id;
  private final String name;
  private final ArrayDeque<PackedUrl> urls = new ArrayDeque<>(2);
  private @Nullable LongArrayFIFOQueue dueRetries;
  private Duration crawlDelay = Duration.ZERO;
  private long pages;
  private int leases;

  /**
   * @param id the host's number in its shard, from 0 in the order of discovery
   */
  public HostQueue(int id, String name) {
    this.id = id;
    this.name = name;
  }

  /** The host's number in its shard. */
  public int id() {
    return id;
  }

  /** The host's name, as {@code Url.host()} gives it. */
  public String name() {
    return name;
  }

  /** Queues a URL behind the others. */
  public void append(PackedUrl url) {
    urls.addLast(url);
  }

  /** Puts a URL back before the others. */
  public void putBack(PackedUrl url) {
    urls.addFirst(url);
  }

  /** Takes the first queued URL; null if none is queued. */
  public @Nullable PackedUrl poll() {
    return urls.pollFirst();
  }

  /** URLs queued, retries not counted. */
  public int size() {
    return urls.size();
  }

  /** The queued URLs, first to last. */
  public Iterator<PackedUrl> urls() {
    return urls.iterator();
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
    return dueRetries == null || dueRetries.isEmpty() ? 0 : dueRetries.dequeueLong();
  }

  @Override
  protected boolean hasWork() {
    return !urls.isEmpty() || (dueRetries != null && !dueRetries.isEmpty());
  }

  /** What the host's robots.txt asked for last; zero for nothing. */
  public Duration crawlDelay() {
    return crawlDelay;
  }

  /** Sets what the host's robots.txt asks for. */
  public void crawlDelay(Duration delay) {
    crawlDelay = delay;
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
