package io.sluice.core.message;

import io.sluice.core.lease.LeaseId;
import org.jspecify.annotations.Nullable;

/**
 * The result of decoding a stream entry. Immutable.
 *
 * @param <T> {@link Published}, {@link Page} or {@link Outcome}
 */
public sealed interface Decoded<T> {

  /** A whole message within all bounds. */
  record Whole<T>(T message) implements Decoded<T> {}

  /**
   * The entry is not a message of this version, or exceeds a bound. It is never acted upon.
   *
   * @param reason what is wrong, for a log line; without any of the entry's own text
   * @param lease the lease that the entry names; null if even that cannot be read
   */
  record Malformed<T>(String reason, @Nullable LeaseId lease) implements Decoded<T> {}
}
