package io.sluice.fetcher.http;

import io.sluice.core.url.Url;

/**
 * The scheme, host and port of a connection; only requests to the same origin share connections
 * (RFC 9110, 4.3.1). Immutable.
 *
 * @param secure whether the scheme is https
 * @param host a name or an address, an IPv6 address in brackets
 * @param port the port, also if it is the scheme's default
 */
record Origin(boolean secure, String host, int port) {
  static Origin of(Url url) {
    return new Origin(url.scheme().equals("https"), url.host(), url.port());
  }
}
