package io.sluice.frontier.shard;

import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.QueuedUrl;
import org.jspecify.annotations.Nullable;

/**
 * A lease that is out. Its sequence, host and URL are part of the shard's state; where it is and
 * what it holds of the credit is known to this process only: after a restart a lease is outstanding
 * and holds nothing but its place. Confined to its shard's thread.
 */
final class OpenLease {

  /** Where a lease is. */
  enum Place {
    /** Being visited: it holds a connection of its host. */
    VISITING,
    /** Visited, its page not yet in Redis. */
    VISITED,
    /** A parser owes the outcome. */
    OUTSTANDING
  }

  private final long sequence;
  private final HostQueue host;
  private final PackedUrl url;
  private @Nullable QueuedUrl queued;
  private Place place = Place.OUTSTANDING;
  private long bytes;
  private long sinceNanos;

  OpenLease(long sequence, HostQueue host, PackedUrl url) {
    this.sequence = sequence;
    this.host = host;
    this.url = url;
  }

  long sequence() {
    return sequence;
  }

  HostQueue host() {
    return host;
  }

  PackedUrl url() {
    return url;
  }

  /** The URL, unpacked once: it is wanted when the lease is issued and again when it ends. */
  QueuedUrl queued() {
    QueuedUrl known = queued;
    if (known == null) {
      known = url.unpack();
      queued = known;
    }
    return known;
  }

  Place place() {
    return place;
  }

  /** Bytes of credit that the lease holds. */
  long bytes() {
    return bytes;
  }

  /** When the lease came to its place (monotonic). */
  long sinceNanos() {
    return sinceNanos;
  }

  void move(Place to, long holdsBytes, long nowNanos) {
    place = to;
    bytes = holdsBytes;
    sinceNanos = nowNanos;
  }
}
