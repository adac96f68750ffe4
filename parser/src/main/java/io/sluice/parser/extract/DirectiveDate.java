package io.sluice.parser.extract;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the date of an unavailable_after directive, which may be in any "widely adopted format":
 * RFC 822, RFC 850, ISO 8601 and common variants of them. A date without a time means the end of
 * the day, and one without a zone is in UTC. Thread-safe: stateless.
 */
final class DirectiveDate {

  /** A day of the week, which is redundant and may be wrong. */
  private static final Pattern DAY = Pattern.compile("^\\p{Alpha}+, *");

  private static final String TIME = "[ H:mm[:ss]][ z][ xx][ xxx]";

  private static final List<DateTimeFormatter> FORMATS =
      List.of(
          format("d MMM uuuu" + TIME),
          format("d-MMM-uuuu" + TIME),
          format("d-MMM-uu" + TIME),
          format("MMMM d, uuuu" + TIME),
          format("MMM d, uuuu" + TIME),
          format("uuuu-MM-dd['T'HH:mm[:ss]][XXX][xx]"),
          fractional(),
          format("uuuu-MM-dd" + TIME));

  private DirectiveDate() {}

  private static DateTimeFormatter format(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        .toFormatter(Locale.ENGLISH);
  }

  /** ISO 8601 as programs write it, with a fraction of the second. */
  private static DateTimeFormatter fractional() {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
        .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
        .appendPattern("[XXX][xx]")
        .toFormatter(Locale.ENGLISH);
  }

  /** The instant after which the page is unavailable; null if the date cannot be read. */
  static @Nullable Instant parse(String text) {
    String date = DAY.matcher(text.strip()).replaceFirst("").replaceAll(" +", " ");
    for (DateTimeFormatter format : FORMATS) {
      try {
        return end(format.parse(date));
      } catch (DateTimeException e) {
        // It may have another format, or a year out of range.
      }
    }
    return null;
  }

  private static Instant end(TemporalAccessor parsed) {
    LocalDate date = LocalDate.from(parsed);
    LocalTime time = parsed.query(TemporalQueries.localTime());
    ZoneId zone = parsed.query(TemporalQueries.zone());
    LocalDateTime end = time == null ? date.plusDays(1).atStartOfDay() : date.atTime(time);
    return end.atZone(zone == null ? ZoneOffset.UTC : zone).toInstant();
  }
}
