package io.sluice.fetcher.cookie;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.lease.Lease;
import io.sluice.core.url.Url;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The redirect chains with cookies whose next URL is waiting in the frontier. A chain is stored
 * under the URL that redirected, which is the last of the lease's redirects: the next URL itself
 * may be queued in another form, since the frontier strips session ids from it. Chains are bounded
 * by count and weight. When full, the oldest chain is dropped; its next request is sent without
 * cookies, as for every chain after a restart. The frontier keeps count of each chain's redirects.
 *
 * <p>Thread-safe: one monitor, held only for lookups and counting.
 */
public final class WaitingChains {
  private static final int MAX_COUNT = 10_000;
  private static final int PART_OF_HEAP = 384;
  private static final long LEAST_BYTES = 256 << 10;
  private static final long MOST_BYTES = 8 << 20;

  /**
   * @param to the target of the chain's last redirect
   */
  private record Waiting(String to, RedirectChain chain, int weight) {}

  private final long maxBytes;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private final Set<String> targets = new HashSet<>();
  private final Counter dropped;
  private long bytes;

  /** Creates an empty table, sized by the heap. */
  public WaitingChains(MeterRegistry meters, long heapBytes) {
    this.maxBytes = maxBytes(heapBytes);
    this.dropped =
        Counter.builder("sluice.redirects.cookies.dropped")
            .description("Redirect chains whose cookies were dropped because there was no room")
            .register(meters);
    Gauge.builder("sluice.redirects.cookies", this, WaitingChains::size)
        .description("Redirect chains with cookies whose next URL is waiting")
        .register(meters);
    Gauge.builder("sluice.redirects.cookies.max", () -> MAX_COUNT)
        .description("Maximum number of redirect chains with cookies that may wait")
        .register(meters);
  }

  /** Maximum memory of chains in a heap of {@code heapBytes}, in bytes. */
  public static long maxBytes(long heapBytes) {
    return Math.clamp(heapBytes / PART_OF_HEAP, LEAST_BYTES, MOST_BYTES);
  }

  /** Returns the chain that led to a lease's URL. It stays in this table until {@link #end}. */
  public RedirectChain leadingTo(Lease lease) {
    if (lease.redirects().isEmpty()) {
      return RedirectChain.NONE;
    }
    Waiting found = find(lease.redirects().getLast());
    return found == null ? RedirectChain.through(lease.redirects()) : found.chain;
  }

  private synchronized @Nullable Waiting find(String from) {
    return waiting.get(from);
  }

  /**
   * Records that a lease's URL redirected to {@code to}, possibly the same URL. Call this before
   * {@code to} is queued. If another chain already waits for the same URL, that one stays and this
   * one is dropped, since the frontier ignores an offer of a URL that is already queued.
   */
  public synchronized void lead(Lease lease, Url to, RedirectChain chain) {
    String from = lease.url().href();
    remove(from);
    boolean back = from.equals(to.href()) || lease.redirects().contains(to.href());
    if (!chain.hasCookies() || (!back && targets.contains(to.href()))) {
      return;
    }
    int weight = chain.weight() + from.length() + to.href().length();
    while (!waiting.isEmpty() && (waiting.size() >= MAX_COUNT || bytes + weight > maxBytes)) {
      remove(waiting.keySet().iterator().next());
      dropped.increment();
    }
    waiting.put(from, new Waiting(to.href(), chain, weight));
    targets.add(to.href());
    bytes += weight;
  }

  /**
   * Forgets the chain that led to a lease's URL; the URL is not requested again within that chain.
   */
  public synchronized void end(Lease lease) {
    if (!lease.redirects().isEmpty()) {
      remove(lease.redirects().getLast());
    }
  }

  private void remove(String from) {
    Waiting old = waiting.remove(from);
    if (old != null) {
      bytes -= old.weight;
      targets.remove(old.to);
    }
  }

  synchronized int size() {
    return waiting.size();
  }
}
