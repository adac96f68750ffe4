package io.sluice.frontier.inspect;

import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.QueueClass;
import io.sluice.frontier.queue.UrlVisitor;
import io.sluice.frontier.state.OpenLease;
import io.sluice.frontier.state.ShardState;
import java.io.IOException;
import java.util.List;

/**
 * The URLs of a shard that have not ended, by what they wait for. Each method reports them one by
 * one, so that few are in memory at a time. Confined to its view's thread.
 */
public final class UnendedUrls {

  /** Receives the URLs of hosts that were given up. */
  @FunctionalInterface
  public interface GivenUpVisitor {
    void visit(GivenUp state, PackedUrl url) throws IOException;
  }

  private final ShardState state;

  UnendedUrls(ShardState state) {
    this.state = state;
  }

  /**
   * Reports URLs in progress: the leases that are out, the retries, and the URLs that are waiting
   * for a lease.
   */
  public void queued(UrlVisitor visitor) throws IOException {
    leasesAndRetries(visitor);
    for (HostQueue host : hosts()) {
      if (!(host.state() instanceof GivenUp)) {
        waiting(host, visitor);
      }
    }
  }

  /** Reports the URLs of hosts that were given up. */
  public void givenUp(GivenUpVisitor visitor) throws IOException {
    for (HostQueue host : hosts()) {
      if (host.state() instanceof GivenUp givenUp) {
        waiting(
            host,
            (_, url) -> {
              visitor.visit(givenUp, url);
              return true;
            });
      }
    }
  }

  /** Reports URLs that the current settings refuse, of hosts in any state. */
  public void setAside(UrlVisitor visitor) throws IOException {
    for (HostQueue host : hosts()) {
      if (host.setAside() > 0) {
        visit(host, (of, url) -> of != QueueClass.SET_ASIDE || visitor.visit(of, url));
      }
    }
  }

  /** Reports all unended URLs, including the pages that are to be visited again. */
  public void all(UrlVisitor visitor) throws IOException {
    leasesAndRetries(visitor);
    for (HostQueue bucket : state.calendar().byTime().values()) {
      visit(bucket, visitor);
    }
    for (HostQueue host : hosts()) {
      visit(host, visitor);
    }
  }

  private void leasesAndRetries(UrlVisitor visitor) throws IOException {
    for (OpenLease lease : state.leases()) {
      visitor.visit(lease.url().classNumber(), lease.url());
    }
    for (HostQueue bucket : state.retries().byTime().values()) {
      visit(bucket, visitor);
    }
  }

  /** Reports a host's URLs, without those set aside, which come last. */
  private void waiting(HostQueue host, UrlVisitor visitor) throws IOException {
    visit(host, (of, url) -> of != QueueClass.SET_ASIDE && visitor.visit(of, url));
  }

  private void visit(HostQueue queue, UrlVisitor visitor) throws IOException {
    state.queues().visit(queue, visitor);
  }

  /** All hosts, by number, without the calendars' buckets. */
  List<HostQueue> hosts() {
    return state.hosts().stream().filter(host -> !host.isBucket()).toList();
  }
}
