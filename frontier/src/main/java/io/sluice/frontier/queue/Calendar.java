package io.sluice.frontier.queue;

import io.sluice.core.url.Url;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * URLs of a shard that are to be queued at certain times: pages to be visited again, or retries.
 * Each time has a <em>bucket</em>, a queue like a host's, under a name that no host can have, so
 * that its URLs are spilled to disk and recovered like all queued URLs. The owner chooses the unit
 * of times. There are at most a few hundred different times at once, and an empty bucket is reused
 * for another time.
 *
 * <p>Part of the shard's state: it changes as events are applied, and depends only on their order.
 * Confined to its shard's thread.
 */
public final class Calendar {

  /** The purpose of a calendar. */
  public enum Use {
    /** Pages to be visited again; when due, they join the other URLs of their priority. */
    REVISITS("@"),
    /**
     * URLs that are waiting for another attempt; when due, they are the first in their hosts'
     * queues.
     */
    RETRIES("@r");

    private final String prefix;

    Use(String prefix) {
      this.prefix = prefix;
    }

    /** Which calendar a bucket belongs to. */
    public static Use of(HostQueue bucket) {
      return bucket.name().startsWith(RETRIES.prefix) ? RETRIES : REVISITS;
    }
  }

  private final UrlQueues queues;
  private final Use use;
  private final TreeMap<Long, HostQueue> byTime = new TreeMap<>();
  private final TreeMap<Integer, HostQueue> free = new TreeMap<>();
  private List<HostQueue> woken = new ArrayList<>();
  private long size;

  /**
   * Creates an empty calendar.
   *
   * @param queues the queues that hold the buckets; borrowed
   */
  public Calendar(UrlQueues queues, Use use) {
    this.queues = queues;
    this.use = use;
  }

  /** Whether a URL may wait in a queue: only in its own host's, or in any bucket. */
  public static boolean mayHold(HostQueue queue, Url url) {
    return queue.isBucket() || url.host().equals(queue.name());
  }

  /** Puts a URL on the calendar. */
  public void add(long due, PackedUrl url) {
    queues.append(byTime.computeIfAbsent(due, _ -> unusedBucket()), url);
    size++;
  }

  private HostQueue unusedBucket() {
    Map.Entry<Integer, HostQueue> used = free.pollFirstEntry();
    return used == null ? queues.hosts().add(use.prefix + buckets()) : used.getValue();
  }

  /**
   * Takes {@code count} of the URLs that are due first, all at the same time, and queues each at
   * its host.
   *
   * @throws IllegalStateException if there are fewer, or the host of one is unknown
   */
  public void wake(int count) throws IOException {
    Map.Entry<Long, HostQueue> first = byTime.firstEntry();
    if (first == null) {
      throw new IllegalStateException(count + " URLs are due, but none is waiting");
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
      throw new IllegalStateException("a due URL is not on the calendar, or its host is unknown");
    }
    queues.append(host, use == Use.RETRIES ? QueueClass.RETRY : packed.classNumber(), packed);
    woken.add(host);
    size--;
  }

  /**
   * Moves all URLs that are due at one time to another.
   *
   * @throws IllegalStateException if no URL is due at the first time, or some are due at the second
   */
  public void move(long fromSecond, long toSecond) {
    HostQueue bucket = byTime.remove(fromSecond);
    if (bucket == null || byTime.putIfAbsent(toSecond, bucket) != null) {
      throw new IllegalStateException("URLs cannot move from " + fromSecond + " to " + toSecond);
    }
  }

  /** The first URL of a bucket; null if it has none. */
  public @Nullable PackedUrl firstOf(HostQueue bucket) throws IOException {
    List<PackedUrl> first = new ArrayList<>(1);
    queues.visit(
        bucket,
        (_, url) -> {
          first.add(url);
          return false;
        });
    return first.isEmpty() ? null : first.getFirst();
  }

  /**
   * Removes the URLs of a host from the calendar, for a tool that writes a checkpoint afterwards.
   *
   * @param removed receives each of them
   * @return the number of URLs removed
   */
  public long remove(String host, Consumer<PackedUrl> removed) throws IOException {
    long before = size;
    for (Map.Entry<Long, HostQueue> entry : byTime.entrySet()) {
      HostQueue bucket = entry.getValue();
      HostQueue kept = unusedBucket();
      for (PackedUrl url = queues.poll(bucket); url != null; url = queues.poll(bucket)) {
        if (url.isOf(host)) {
          size--;
          removed.accept(url);
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

  /** Returns the hosts that got URLs since the last call, one entry for each URL. */
  public List<HostQueue> takeWoken() {
    List<HostQueue> taken = woken;
    woken = taken.isEmpty() ? taken : new ArrayList<>();
    return taken;
  }

  /** The earliest due time; {@link Long#MAX_VALUE} if no URL waits. */
  public long firstDue() {
    return byTime.isEmpty() ? Long.MAX_VALUE : byTime.firstKey();
  }

  /** The number of URLs that are due at the earliest time. */
  public long firstCount() {
    Map.Entry<Long, HostQueue> first = byTime.firstEntry();
    return first == null ? 0 : first.getValue().size();
  }

  /** The number of waiting URLs. */
  public long size() {
    return size;
  }

  /** The number of queues that are buckets, including empty ones. */
  public int buckets() {
    return byTime.size() + free.size();
  }

  /** The buckets in use, by time; a view for a checkpoint. */
  public Map<Long, HostQueue> byTime() {
    return Collections.unmodifiableMap(byTime);
  }

  /** Restores a bucket from a checkpoint, still without URLs. */
  public void restore(HostQueue bucket) {
    free.put(bucket.id(), bucket);
  }

  /**
   * Restores a bucket's time.
   *
   * @throws IllegalStateException if the queue is not a bucket, or if the queue or the time is
   *     already in use
   */
  public void restore(HostQueue bucket, long due) {
    if (free.remove(bucket.id()) == null || byTime.put(due, bucket) != null) {
      throw new IllegalStateException("bucket " + bucket.id() + " or time " + due + " is not free");
    }
  }

  /** Recounts the waiting URLs, after a checkpoint was restored. */
  public void recount() {
    size = byTime.values().stream().mapToLong(HostQueue::size).sum();
  }
}
