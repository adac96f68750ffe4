package io.sluice.frontier.state;

import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.QueuedUrl;
import org.jspecify.annotations.Nullable;

/** A lease that is out, as the shard's state knows it. Confined to its shard's thread. */
public final class OpenLease {

  private final long sequence;
  private final HostQueue host;
  private final PackedUrl url;
  private @Nullable QueuedUrl queued;

  OpenLease(long sequence, HostQueue host, PackedUrl url) {
    this.sequence = sequence;
    this.host = host;
    this.url = url;
  }

  public long sequence() {
    return sequence;
  }

  public HostQueue host() {
    return host;
  }

  public PackedUrl url() {
    return url;
  }

  /** The URL, unpacked once: it is needed when the lease is issued and again when it ends. */
  public QueuedUrl queued() {
    QueuedUrl known = queued;
    if (known == null) {
      known = url.unpack();
      queued = known;
    }
    return known;
  }
}
