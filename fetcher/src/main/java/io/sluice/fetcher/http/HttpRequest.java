package io.sluice.fetcher.http;

import io.sluice.core.url.Url;

/**
 * A GET request. Immutable.
 *
 * @param url what to ask for
 * @param heads how to ask
 * @param maxBodyBytes where the response's body is cut
 * @param deadlineNanos when it must have ended, by {@link System#nanoTime}
 */
public record HttpRequest(Url url, RequestHeads heads, long maxBodyBytes, long deadlineNanos) {}
