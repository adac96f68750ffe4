package io.sluice.fetcher.http;

import io.sluice.core.config.FetcherSettings;
import io.sluice.core.config.HostRules;
import io.sluice.core.config.SluiceConfig;

/**
 * The client's bounds, in the units that it calculates with. Immutable.
 *
 * @param connections maximum number of open connections, over all hosts
 * @param connectionsPerHost maximum number of open connections to one origin
 * @param maxHeaderBytes maximum size of a response's heads, interim ones included
 * @param connectMillis timeout of a TCP connection
 * @param tlsMillis timeout of a TLS handshake
 * @param firstByteNanos timeout from the request to the response's first byte
 * @param idleNanos timeout between two reads of a response
 * @param bodyBytes maximum memory that bodies may claim, in bytes; small bodies need no claim
 * @param keepAliveNanos how long an idle connection is kept
 * @param keepsParts whether the received part of a response that ended early is kept
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
    long keepAliveNanos,
    boolean keepsParts) {
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
            ? Runtime.getRuntime().maxMemory() / BodyClaims.AUTO_PART
            : fetcher.bodyBytes(),
        fetcher.keepAlive().toNanos(),
        config.output().warc());
  }
}
