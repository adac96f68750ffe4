package io.sluice.fetcher.http;

import io.sluice.core.url.Url;
import java.net.InetAddress;
import java.util.function.Predicate;

/**
 * A GET request. Immutable.
 *
 * @param url what to ask for
 * @param heads how to ask
 * @param maxBodyBytes where the response's body is cut
 * @param deadlineNanos when it must have ended, by {@link System#nanoTime}
 * @param mayAsk whether an address may be asked now; called on any lane, before anything is sent
 *     there
 */
public record HttpRequest(
    Url url,
    RequestHeads heads,
    long maxBodyBytes,
    long deadlineNanos,
    Predicate<InetAddress> mayAsk) {}
