package io.sluice.frontier.recrawl;

import io.sluice.core.url.Url;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.UrlQueues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pages of a shard that wait to be visited again, by the time at which they are due. Each time
 * has a <em>bucket</em>, which is a queue like a host's, under a name that no host can have: so
 * what waits goes to disk and is found again as all that is queued. Times come from {@link
 * RecrawlPolicy#dueSecond}, some hundreds at once at most; an empty bucket is used for another
 * time.
 *
 * <p>Part of the shard's state: it changes as events are applied, and depends on nothing but their
 * order. Confined to its shard's thread.
 */
public final class Calendar {

  private static final String BUCKET = "@";

  private final UrlQueues queues;
  private final TreeMap<Long, HostQueue> byTime = new TreeMap<>();
  private final TreeMap<Integer, HostQueue> free = new TreeMap<>();
  private List<HostQueue> woken = new ArrayList<>();
  private long size;

  /**
   * A calendar without a page.
   *
   * @param queues where the buckets are; borrowed
   */
  public Calendar(UrlQueues queues) {
    this.queues = queues;
  }

  /** Whether a queue is a bucket, and no host's. */
  public static boolean isBucket(HostQueue queue) {
    return queue.name().startsWith(BUCKET);
  }

  /** Whether a URL may wait in a queue: in that of its host, and in any bucket. */
  public static boolean mayHold(HostQueue queue, Url url) {
    return isBucket(queue) || url.host().equals(queue.name());
  }

  /** Puts a page on the calendar. */
  public void add(long dueSecond, PackedUrl url) {
    queues.append(byTime.computeIfAbsent(dueSecond, _ -> unusedBucket()), url);
    size++;
  }

  private HostQueue unusedBucket() {
    Map.Entry<Integer, HostQueue> used = free.pollFirstEntry();
    return used == null ? queues.hosts().add(BUCKET + buckets()) : used.getValue();
  }

  /**
   * Takes so many of the pages that are due first, all of one time, and queues each at its host.
   *
   * @throws IllegalStateException if there are not so many
   */
  public void wake(int count) throws IOException {
    Map.Entry<Long, HostQueue> first = byTime.firstEntry();
    if (first == null) {
      throw new IllegalStateException(count + " pages are due, and none waits");
    }
    HostQueue bucket = first.getValue();
    for (int i = 0; i < count; i++) {
      wakeNext(bucket);
    }
    if (bucket.size() == 0) {
      byTime.remove(first.getKey());
      free.put(bucket.id(), bucket);
    }
  }

  private void wakeNext(HostQueue bucket) throws IOException {
    PackedUrl packed = queues.poll(bucket);
    Url url = packed == null ? null : Url.parse(packed.unpack().href());
    HostQueue host = url == null ? null : queues.hosts().get(url.host());
    if (packed == null || host == null) {
      throw new IllegalStateException("a page is due that is not on the calendar, or of no host");
    }
    queues.append(host, packed);
    woken.add(host);
    size--;
  }

  /**
   * Takes the pages of a host off the calendar, for a tool that writes a checkpoint afterwards.
   *
   * @return how many there were
   */
  public long remove(String host) throws IOException {
    long before = size;
    for (Map.Entry<Long, HostQueue> entry : byTime.entrySet()) {
      HostQueue bucket = entry.getValue();
      HostQueue kept = unusedBucket();
      for (PackedUrl url = queues.poll(bucket); url != null; url = queues.poll(bucket)) {
        if (url.isOf(host)) {
          size--;
        } else {
          queues.append(kept, url);
        }
        if (queues.mustSpill()) {
          queues.spill();
        }
      }
      free.put(bucket.id(), bucket);
      entry.setValue(kept);
    }
    byTime.values().removeIf(this::isEmptyNow);
    return before - size;
  }

  private boolean isEmptyNow(HostQueue bucket) {
    if (bucket.size() == 0) {
      free.put(bucket.id(), bucket);
    }
    return bucket.size() == 0;
  }

  /** Hosts whose queues pages came to since the last call. */
  public List<HostQueue> takeWoken() {
    List<HostQueue> taken = woken;
    woken = taken.isEmpty() ? taken : new ArrayList<>();
    return taken;
  }

  /** When the first page is due, in seconds since 1970; {@link Long#MAX_VALUE} if none waits. */
  public long firstSecond() {
    return byTime.isEmpty() ? Long.MAX_VALUE : byTime.firstKey();
  }

  /** How many pages are due first, all at one time. */
  public long firstCount() {
    Map.Entry<Long, HostQueue> first = byTime.firstEntry();
    return first == null ? 0 : first.getValue().size();
  }

  /** Pages that wait. */
  public long size() {
    return size;
  }

  /** Queues that are buckets, those without a page included. */
  public int buckets() {
    return byTime.size() + free.size();
  }

  /** The buckets in use, by time; a view for a checkpoint. */
  public Map<Long, HostQueue> byTime() {
    return Collections.unmodifiableMap(byTime);
  }

  /** Takes up a bucket that a checkpoint kept, without pages yet. */
  public void restore(HostQueue bucket) {
    free.put(bucket.id(), bucket);
  }

  /**
   * Takes up a bucket's time.
   *
   * @throws IllegalStateException if the queue is no bucket, or either is taken
   */
  public void restore(HostQueue bucket, long dueSecond) {
    if (free.remove(bucket.id()) == null || byTime.put(dueSecond, bucket) != null) {
      throw new IllegalStateException("bucket " + bucket.id() + " at " + dueSecond);
    }
  }

  /** Counts what waits, once all of a checkpoint was taken up. */
  public void recount() {
    size = byTime.values().stream().mapToLong(HostQueue::size).sum();
  }
}
