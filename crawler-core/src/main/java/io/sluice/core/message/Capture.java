package io.sluice.core.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP exchange as it is archived: the request, and what was received of the response.
 * Immutable.
 *
 * @param url the URL requested, normalized
 * @param requestHead the request line and fields as sent, CRLF between them
 * @param responseHead status line and fields as received, including the empty line after them,
 *     decoded as ISO 8859-1
 * @param ip the address contacted, as text without brackets
 * @param begunAt when the request was sent
 * @param unchanged whether the server answered that an earlier visit already got the current
 *     version (304; RFC 9110, 15.4.5)
 * @param truncation why the body is not whole; null if it is
 * @param body the content as received, transfer coding undone
 */
public record Capture(
    String url,
    String requestHead,
    String responseHead,
    String ip,
    Instant begunAt,
    boolean unchanged,
    @Nullable Truncation truncation,
    Body body) {}
