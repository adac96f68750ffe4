package io.sluice.fetcher.gate;

import io.sluice.core.lease.HostDesk.Answer;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Visit;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a visit may make. Its lease permits one request to the lease's host; if a delay
 * applies, any further request needs another lease. Before each request to another host, the desk
 * of the other host's shard is asked.
 *
 * <p>Confined to the lane of the lease's host.
 */
public final class Pass {
  private final LeaseId lease;
  private final String host;
  private final Gate gate;
  private boolean asked;
  private @Nullable Duration crawlDelay;

  Pass(LeaseId lease, String host, Gate gate) {
    this.lease = lease;
    this.host = host;
    this.gate = gate;
  }

  /** Whether the lease is on this host. */
  public boolean isFor(String other) {
    return host.equals(other);
  }

  /** Notes the crawl-delay in the host's robots.txt; null for none. */
  public void crawlDelay(@Nullable Duration stated) {
    crawlDelay = stated;
  }

  /** Whether a delay has to pass between two requests to the lease's host. */
  public boolean pauses() {
    return gate.pauses(host, crawlDelay);
  }

  /** Whether the visit has sent a request and a delay has to pass before the next. */
  public boolean spent() {
    return asked && pauses();
  }

  /** Leave for one request to the lease's host; null if the pass is {@linkplain #spent spent}. */
  public @Nullable Leave own() {
    return spent() ? null : leave(host);
  }

  /**
   * Asks the desk for permission to send another host a request; {@link #granted} turns its answer
   * into leave.
   */
  public CompletionStage<Answer> ask(String other) {
    return gate.hosts().ask(lease, other);
  }

  /**
   * Returns the leave for a permission that {@link #ask} obtained; {@link #ended} gives it up.
   *
   * @param grant the desk's answer, as proof
   */
  public Leave granted(Answer.Granted grant, String other) {
    return leave(other);
  }

  /** Reports that a request to another host has ended. */
  public void ended(String other, Visit visit) {
    gate.hosts().asked(lease, other, visit);
  }

  private Leave leave(String to) {
    asked = true;
    return new Leave(to, address -> gate.addresses().admit(lease, address));
  }
}
