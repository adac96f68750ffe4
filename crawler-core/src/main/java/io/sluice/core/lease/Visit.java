package io.sluice.core.lease;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a finished visit says about its host; the host's delay counts from here. Immutable.
 *
 * @param crawlDelay the host's robots.txt crawl-delay; null where it states none or was not read
 * @param retryAfter how long the host asked to be left alone (RFC 9110, 10.2.3); null if it did not
 * @param requested whether a request reached the network: a visit that ended before one (robots
 *     denied from cache, a refused address) starts no delay
 * @param responseTime from the request for the page to the end of its response; zero where there
 *     was none
 * @param troubled whether the host showed that it is in trouble: no connection, a time-out, a
 *     reset, a status of 429 or 5xx
 */
public record Visit(
    @Nullable Duration crawlDelay,
    @Nullable Duration retryAfter,
    boolean requested,
    Duration responseTime,
    boolean troubled) {

  /** A visit that ended before a request was sent. */
  public static final Visit UNREQUESTED = new Visit(null, null, false);

  /** A visit without trouble, and without a response whose time would count. */
  public Visit(@Nullable Duration crawlDelay, @Nullable Duration retryAfter, boolean requested) {
    this(crawlDelay, retryAfter, requested, Duration.ZERO, false);
  }
}
