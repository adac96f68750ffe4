package io.sluice.core.lease;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a URL's end, as the crawl log records them. Immutable.
 *
 * @param ending how it ended
 * @param reason a short, stable word of why ({@code ok}, {@code dns-failed}, {@code
 *     total-timeout}); lower case and hyphens only
 * @param status the HTTP status code; 0 where there was no response
 * @param ip the address that was asked; null where none was
 * @param at when the response ended, or the attempt was given up
 * @param fetchMillis from lease to the end of the response, in milliseconds
 * @param bytes body bytes as received, before decompression
 */
public record UrlEnd(
    Ending ending,
    String reason,
    int status,
    @Nullable String ip,
    Instant at,
    long fetchMillis,
    long bytes) {}
