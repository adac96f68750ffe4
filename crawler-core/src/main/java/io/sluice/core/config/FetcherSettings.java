package io.sluice.core.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How pages are fetched. Immutable.
 *
 * @param connections maximum number of requests in flight, over all hosts
 * @param troubledConnections maximum number of these that all troubled hosts together may use
 * @param maxBodyBytes maximum size of a body; a longer one is cut there and marked
 * @param bodyBytes memory for the bodies in flight, over all connections; 0 for what everything
 *     else leaves of the heap, up to a quarter of it
 * @param maxHeaderBytes maximum size of a response head
 * @param maxRedirects maximum number of redirects in a row
 * @param attempts maximum number of leases on one URL before it ends as failed
 * @param retryDelay delay before the second attempt; doubles with each further one
 * @param keepAlive how long an idle connection is kept
 * @param verifyTls whether certificates must be valid for their host
 * @param heapBytes the fetcher process's heap under {@code sluice run}
 */
public record FetcherSettings(
    int connections,
    int troubledConnections,
    long maxBodyBytes,
    long bodyBytes,
    int maxHeaderBytes,
    int maxRedirects,
    int attempts,
    Duration retryDelay,
    Duration keepAlive,
    boolean verifyTls,
    long heapBytes,
    Timeouts timeouts,
    Addresses addresses,
    Dns dns) {

  /**
   * These settings with another number of connections; troubled hosts keep their share of them, at
   * least one.
   */
  public FetcherSettings withConnections(int other) {
    long troubled = Math.max(1, (long) other * troubledConnections / connections);
    return with(other, Math.toIntExact(troubled), bodyBytes, dns);
  }

  /** These settings with a different amount of memory for bodies in flight. */
  public FetcherSettings withBodyBytes(long other) {
    return with(connections, troubledConnections, other, dns);
  }

  /** These settings with another number of name lookups at a time. */
  public FetcherSettings withLookUps(int other) {
    Dns fewer = new Dns(dns.servers, dns.maxTtl, dns.negativeTtl, other, dns.hostsFile);
    return with(connections, troubledConnections, bodyBytes, fewer);
  }

  private FetcherSettings with(int most, int mostTroubled, long bodies, Dns names) {
    return new FetcherSettings(
        most,
        mostTroubled,
        maxBodyBytes,
        bodies,
        maxHeaderBytes,
        maxRedirects,
        attempts,
        retryDelay,
        keepAlive,
        verifyTls,
        heapBytes,
        timeouts,
        addresses,
        names);
  }

  /**
   * Timeouts of the parts of a fetch.
   *
   * @param dns for a name lookup
   * @param connect for a TCP connection, over all addresses of the host
   * @param tls for a TLS handshake
   * @param firstByte time from the request's last byte to the response's first
   * @param firstVisit at a host that never gave a good answer: time from the start of a request to
   *     the response's first byte, and for each 4 KiB after that; doubles with each later try, and
   *     is shorter for the first try while many hosts are waiting for their first visit
   * @param idle time between two reads of a response
   * @param total time from the lease to the end of the response
   */
  public record Timeouts(
      Duration dns,
      Duration connect,
      Duration tls,
      Duration firstByte,
      Duration firstVisit,
      Duration idle,
      Duration total) {

    /**
     * Divisor of {@link #firstVisit} that gives the shortest time of a first visit, however many
     * hosts are waiting.
     */
    public static final int LEAST_PART = 5;

    /** The shortest time of a host's first visit. */
    public Duration leastFirstVisit() {
      return firstVisit.dividedBy(LEAST_PART);
    }
  }

  /**
   * Which addresses may be contacted. Private, loopback, link-local and other special ranges are
   * refused unless named here.
   *
   * @param allow CIDR ranges that are allowed even if they are special
   * @param ports ports that may be contacted; empty for all
   */
  public record Addresses(List<String> allow, List<Integer> ports) {
    public Addresses {
      allow = List.copyOf(allow);
      ports = List.copyOf(ports);
    }
  }

  /**
   * Name resolution.
   *
   * @param servers name servers; empty for the system's
   * @param maxTtl maximum time that answers are kept
   * @param negativeTtl how long the answer that a name does not exist is kept
   * @param lookUps maximum number of names looked up at a time; each needs a socket while a
   *     truncated answer is read
   * @param hostsFile whether the system's hosts file is consulted before the name servers
   */
  public record Dns(
      List<InetSocketAddress> servers,
      Duration maxTtl,
      Duration negativeTtl,
      int lookUps,
      boolean hostsFile) {
    public Dns {
      servers = List.copyOf(servers);
    }
  }
}
