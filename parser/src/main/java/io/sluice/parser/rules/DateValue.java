package io.sluice.parser.rules;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates in unambiguous formats: ISO 8601, with or without a time and an offset, also with a
 * space instead of the T; and those of HTTP and mail (RFC 9110, 5.6.7; RFC 5322, 3.3). The result
 * is {@code 2026-11-29}, or {@code 2026-11-29T12:00:00} if there is no offset, or an instant in
 * UTC, {@code 2026-11-29T12:00:00Z}. Stateless.
 */
final class DateValue {

  /** Maximum length of a date, in characters. */
  private static final int MAX_LENGTH = 64;

  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendPattern("[XXX][XX][X]")
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private DateValue() {}

  /** The date in one of the three forms; null if it is not a date. */
  static @Nullable String read(String text) {
    String stripped = text.strip();
    if (stripped.length() > MAX_LENGTH) {
      return null;
    }
    String iso =
        iso(stripped.replaceFirst("^(\\d{4}-\\d\\d-\\d\\d) +(?=\\d)", "$1T").replace(" ", ""));
    return iso == null ? ofMail(stripped) : iso;
  }

  private static @Nullable String iso(String text) {
    try {
      TemporalAccessor found =
          ISO.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      return switch (found) {
        case OffsetDateTime moment -> moment.toInstant().toString();
        case LocalDateTime local -> DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local);
        default -> found.toString();
      };
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable String ofMail(String text) {
    try {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant().toString();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
