package io.sluice.frontier.shard;

import io.sluice.core.lease.VisitKind;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.state.Event.Asked;
import io.sluice.frontier.state.OpenLease;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A lease that is out, with what only this process knows of it: its stage, its credit, its visit.
 * After a restart, every lease counts as outstanding and holds no credit for bytes. Confined to its
 * shard's thread.
 */
final class LiveLease {

  private final OpenLease lease;
  private LeaseStage stage = LeaseStage.OUTSTANDING;
  private long bytes;
  private long sinceNanos;
  private boolean probe;
  private VisitKind kind = VisitKind.PROVEN;
  private @Nullable Asked asked;

  LiveLease(OpenLease lease) {
    this.lease = lease;
  }

  long sequence() {
    return lease.sequence();
  }

  HostQueue host() {
    return lease.host();
  }

  QueuedUrl queued() {
    return lease.queued();
  }

  LeaseStage stage() {
    return stage;
  }

  /** Bytes of credit that the lease holds. */
  long bytes() {
    return bytes;
  }

  /** When the lease reached its current stage (monotonic). */
  long sinceNanos() {
    return sinceNanos;
  }

  void move(LeaseStage to, long holdsBytes, long nowNanos) {
    stage = to;
    bytes = holdsBytes;
    sinceNanos = nowNanos;
  }

  /** Records when the visit's request ended and how long it took. */
  void asked(Instant at, long millis) {
    asked = new Asked(host().name(), at, millis);
  }

  /**
   * The event to log for the request, unless the URL ends with a status; null if there was no
   * request.
   */
  @Nullable Asked asked() {
    return asked;
  }

  /**
   * Whether the visit is a probe, to find out whether its host or the crawl's network has
   * recovered.
   */
  boolean probe() {
    return probe;
  }

  void probe(boolean isProbe) {
    probe = isProbe;
  }

  /**
   * The kind of visit that the lease was issued for. A recovered lease counts as proven, since its
   * page is assumed to have been fetched.
   */
  VisitKind kind() {
    return kind;
  }

  void kind(VisitKind issuedAs) {
    kind = issuedAs;
  }
}
