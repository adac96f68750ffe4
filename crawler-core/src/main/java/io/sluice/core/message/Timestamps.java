package io.sluice.core.message;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/**
 * The text form of instants in logs and output: ISO 8601 in UTC with exactly three digits after the
 * seconds, so that texts sort in the order of their times. Stateless.
 */
public final class Timestamps {

  private static final DateTimeFormatter MILLIS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private Timestamps() {}

  /** An instant to the millisecond, rounded down: {@code 2026-11-29T10:00:00.000Z}. */
  public static String text(Instant instant) {
    return MILLIS.format(instant);
  }
}
