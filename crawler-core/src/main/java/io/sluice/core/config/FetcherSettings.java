package io.sluice.core.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How pages are fetched. Immutable.
 *
 * @param connections requests in flight at most, over all hosts
 * @param maxBodyBytes body bytes at most; a longer body is cut there and marked
 * @param bodyBytes memory of the bodies in flight, over all connections; 0 for a quarter of the
 *     heap
 * @param maxHeaderBytes bytes of a response head at most
 * @param maxRedirects redirects in a row at most
 * @param attempts leases on one URL at most before it ends as failed
 * @param retryDelay before the second attempt; doubles with each
 * @param keepAlive how long an idle connection is kept
 * @param verifyTls whether certificates must be valid for their host
 * @param heapBytes the fetcher process's heap under {@code sluice run}
 */
public record FetcherSettings(
    int connections,
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
   * Bounds on each part of a fetch.
   *
   * @param dns of a name look-up
   * @param connect of a TCP connection
   * @param tls of a TLS handshake
   * @param firstByte from the request's last byte to the response's first
   * @param idle between two reads of a response
   * @param total from lease to the end of the response
   */
  public record Timeouts(
      Duration dns,
      Duration connect,
      Duration tls,
      Duration firstByte,
      Duration idle,
      Duration total) {}

  /**
   * Which addresses may be asked. Private, loopback, link-local and other special ranges are
   * refused unless named here.
   *
   * @param allow CIDR ranges that are allowed although they are special
   * @param ports ports that may be asked; empty for all
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
   * @param maxTtl answers are kept this long at most
   * @param negativeTtl failures are kept this long
   * @param lookUps names that are looked up at a time, at most: each has a socket
   */
  public record Dns(
      List<InetSocketAddress> servers, Duration maxTtl, Duration negativeTtl, int lookUps) {
    public Dns {
      servers = List.copyOf(servers);
    }
  }
}
