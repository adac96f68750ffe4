/**
 * A small HTTP/1.1 client for a crawler, on Netty's codec.
 *
 * <p>The life of a request: an {@link io.sluice.fetcher.http.Exchange} is queued at its origin in
 * the {@link io.sluice.fetcher.http.ConnectionPool} of its host's event loop. There it takes an
 * idle connection, has one opened ({@link io.sluice.fetcher.http.Dial}: lookup, guard, connect,
 * TLS), or waits for one. The {@link io.sluice.fetcher.http.HttpConnection} sends the request, and
 * a {@link io.sluice.fetcher.http.ResponseAssembly} gathers the {@link
 * io.sluice.fetcher.http.Response} within its bounds. Then the connection is returned to the pool,
 * or closes if there is any doubt about where the response ended. Each exchange ends in exactly one
 * {@link io.sluice.fetcher.http.HttpReply}.
 *
 * <p>No buffer leaves this package: bodies are copied out, once, into arrays.
 */
@NullMarked
package io.sluice.fetcher.http;

import org.jspecify.annotations.NullMarked;
