package io.sluice.fetcher.http;

import io.sluice.core.url.Url;
import io.sluice.fetcher.gate.Leave;

/**
 * A GET request. Immutable.
 *
 * @param url the URL to request
 * @param heads writes the request's head
 * @param maxBodyBytes where the response's body is cut
 * @param deadlineNanos when the exchange must have ended, by {@link
 *     io.sluice.fetcher.loop.Lane#nanoTime}
 * @param leave the gate's permission for this request
 * @param terms what may be expected of the host
 * @param newConnection whether the request is sent on a new connection, so that it cannot fail
 *     because the server has closed an idle one (RFC 9112, 9.3.1)
 */
public record HttpRequest(
    Url url,
    RequestHeads heads,
    long maxBodyBytes,
    long deadlineNanos,
    Leave leave,
    HostTerms terms,
    boolean newConnection) {}
