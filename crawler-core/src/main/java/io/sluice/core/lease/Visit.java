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
 */
public record Visit(
    @Nullable Duration crawlDelay, @Nullable Duration retryAfter, boolean requested) {

  /** A visit that ended before a request was sent. */
  public static final Visit UNREQUESTED = new Visit(null, null, false);
}
