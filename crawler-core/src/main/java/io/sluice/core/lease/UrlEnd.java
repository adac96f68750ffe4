package io.sluice.core.lease;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a URL's end, as the crawl log records them. Immutable.
 *
 * @param ending how it ended
 * @param reason the word of a {@link Reason}; an end read from disk or from a worker may have a
 *     word of another version or program, of lower-case letters, digits and hyphens
 * @param status the HTTP status code; 0 if there was no response
 * @param ip the address that was contacted; null if none was
 * @param at when the response ended, or the attempt was given up
 * @param fetchMillis time from the lease to the end of the response, in milliseconds
 * @param bytes body bytes as received, before decompression
 * @param target where a redirect, or a page's refresh, led; null if there was neither
 */
public record UrlEnd(
    Ending ending,
    String reason,
    int status,
    @Nullable String ip,
    Instant at,
    long fetchMillis,
    long bytes,
    @Nullable Target target) {

  /**
   * Where a redirect led.
   *
   * @param href the target's URL
   * @param refused why it does not belong to the crawl, as a word; null if it does
   */
  public record Target(String href, @Nullable String refused) {}

  /** Creates an end with a reason of this version. */
  public UrlEnd(
      Ending ending,
      Reason reason,
      int status,
      @Nullable String ip,
      Instant at,
      long fetchMillis,
      long bytes,
      @Nullable Target target) {
    this(ending, reason.word(), status, ip, at, fetchMillis, bytes, target);
  }

  /** An end without a redirect's target. */
  public UrlEnd(
      Ending ending,
      Reason reason,
      int status,
      @Nullable String ip,
      Instant at,
      long fetchMillis,
      long bytes) {
    this(ending, reason, status, ip, at, fetchMillis, bytes, null);
  }

  /** Whether it ended for the given reason. */
  public boolean isBecauseOf(Reason one) {
    return reason.equals(one.word());
  }

  /** Returns this end with another reason. */
  public UrlEnd because(Reason other) {
    return new UrlEnd(ending, other, status, ip, at, fetchMillis, bytes, target);
  }

  /** Returns this end with its target marked as refused for the given reason. */
  public UrlEnd targetRefused(Reason refused) {
    Target refusedTarget = target == null ? null : new Target(target.href(), refused.word());
    return new UrlEnd(ending, reason, status, ip, at, fetchMillis, bytes, refusedTarget);
  }
}
