package io.sluice.core.lease;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a finished visit showed about its host; the host's delay begins when it is reported.
 * Immutable.
 *
 * @param crawlDelay the host's robots.txt crawl-delay; null if it states none or was not read
 * @param retryAfter how long the host's response asked the crawler to wait (RFC 9110, 10.2.3); null
 *     if it did not
 * @param requested whether a request reached the network: a visit that ended before one (robots
 *     denied from cache, a refused address) starts no delay
 * @param responseTime time from the request for the page to the end of its response; zero if there
 *     was none
 * @param finding what the visit showed about the host
 * @param reason why the visit failed; null if it did not
 * @param waits for how long a further visit to the host would be useless, because another host that
 *     it needs ({@link HostDesk}) may not be contacted yet; null if it needs none
 */
public record Visit(
    @Nullable Duration crawlDelay,
    @Nullable Duration retryAfter,
    boolean requested,
    Duration responseTime,
    Finding finding,
    @Nullable Reason reason,
    @Nullable Duration waits) {

  /** A visit that ended before a request was sent, and showed nothing. */
  public static final Visit UNREQUESTED =
      new Visit(null, null, false, Duration.ZERO, Finding.NOTHING, null);

  /** A visit that needed no other host. */
  public Visit(
      @Nullable Duration crawlDelay,
      @Nullable Duration retryAfter,
      boolean requested,
      Duration responseTime,
      Finding finding,
      @Nullable Reason reason) {
    this(crawlDelay, retryAfter, requested, responseTime, finding, reason, null);
  }

  /** A visit with a good answer and without a significant response time. */
  public Visit(@Nullable Duration crawlDelay, @Nullable Duration retryAfter, boolean requested) {
    this(crawlDelay, retryAfter, requested, Duration.ZERO, Finding.GOOD, null);
  }

  /** A visit that had a problem. */
  public static Visit troubled(Finding finding, Reason reason, boolean requested) {
    return new Visit(null, null, requested, Duration.ZERO, finding, reason);
  }
}
