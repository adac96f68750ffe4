package io.sluice.fetcher.http;

import io.netty.handler.codec.DateFormatter;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Reads the Retry-After field (RFC 9110, 10.2.3). Stateless. */
public final class RetryAfter {
  /** Maximum pause; a longer one is reduced to this. */
  public static final Duration MAX = Duration.ofHours(1);

  private RetryAfter() {}

  /**
   * The pause that a response requests, in seconds or by a date, limited to between zero and {@link
   * #MAX}.
   *
   * @return null if the field is missing or malformed
   */
  public static @Nullable Duration of(Response response, Instant now) {
    String value = response.header("retry-after");
    if (value == null) {
      return null;
    }
    Duration wait = read(value.strip(), now);
    if (wait == null || wait.isNegative()) {
      return null;
    }
    return wait.compareTo(MAX) > 0 ? MAX : wait;
  }

  private static @Nullable Duration read(String value, Instant now) {
    if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return value.length() > 9 ? MAX : Duration.ofSeconds(Long.parseLong(value));
    }
    Date date = DateFormatter.parseHttpDate(value);
    return date == null ? null : Duration.between(now, date.toInstant());
  }
}
