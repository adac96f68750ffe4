package io.sluice.fetcher.http;

import io.sluice.core.config.FetcherSettings;
import io.sluice.core.config.HostRules;
import io.sluice.core.config.SluiceConfig;

/**
 * The bounds of the client, in the units that it reckons in. Immutable.
 *
 * @param connections open connections at most, over all hosts
 * @param connectionsPerHost open connections to one origin at most
 * @param maxHeaderBytes bytes of a response's heads at most
 * @param connectMillis for a TCP connection
 * @param tlsMillis for a TLS handshake
 * @param firstByteNanos from the request to the response's first byte
 * @param idleNanos between two reads of a response
 * @param bodyBytes memory of all bodies that are not small
 * @param keepAliveNanos how long an idle connection is kept
 */
record HttpBounds(
    int connections,
    int connectionsPerHost,
    int maxHeaderBytes,
    int connectMillis,
    long tlsMillis,
    long firstByteNanos,
    long idleNanos,
    long bodyBytes,
    long keepAliveNanos) {
  /** Which part of the heap bodies get unless told otherwise. */
  private static final int AUTO_PART = 4;

  static HttpBounds of(SluiceConfig config) {
    FetcherSettings fetcher = config.fetcher();
    FetcherSettings.Timeouts timeouts = fetcher.timeouts();
    return new HttpBounds(
        fetcher.connections(),
        HostRules.of(config).mostConnections(),
        fetcher.maxHeaderBytes(),
        Math.toIntExact(timeouts.connect().toMillis()),
        timeouts.tls().toMillis(),
        timeouts.firstByte().toNanos(),
        timeouts.idle().toNanos(),
        fetcher.bodyBytes() == 0
            ? Runtime.getRuntime().maxMemory() / AUTO_PART
            : fetcher.bodyBytes(),
        fetcher.keepAlive().toNanos());
  }
}
