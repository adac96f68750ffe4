package io.sluice.core.config;

import io.sluice.core.config.Format.Read;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Formats of numbers, sizes, durations and choices. Stateless.
 *
 * <p>Bounds are given in the same notation, so that messages and code show the same words.
 */
final class Quantities {

  private static final Map<String, Long> BYTES =
      Map.of(
          "", 1L, "B", 1L, "byte", 1L, "bytes", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB",
          1L << 30);

  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private Quantities() {}

  /** A whole number in decimal digits. */
  static Format<Integer> number(int min, int max) {
    String allowed = String.format(Locale.ROOT, "%,d to %,d", min, max);
    return Format.of(
        allowed,
        text -> {
          Long number = amount(text, Map.of("", 1L));
          return number == null || number < min || number > max
              ? Format.mustBe(allowed)
              : Format.value(number.intValue());
        });
  }

  /** A small number of things; 0 means no limit. */
  static Format<Integer> unlimitedOr(int max) {
    String allowed = limit(max).allowed();
    return Format.of(
        allowed,
        text ->
            limit(max).read(text) instanceof Read.Value<Long>(Long given)
                ? Format.value(given.intValue())
                : Format.mustBe(allowed));
  }

  /** A possibly large number of things; 0 means no limit. */
  static Format<Long> limit(long max) {
    String allowed = String.format(Locale.ROOT, "0 (no limit) to %,d", max);
    return Format.of(
        allowed,
        text -> {
          Long number = amount(text, Map.of("", 1L));
          return number == null || number < 0 || number > max
              ? Format.mustBe(allowed)
              : Format.value(number);
        });
  }

  /** Bytes, with a unit of B, KiB, MiB or GiB; a plain number is bytes. */
  static Format<Long> size(String min, String max) {
    long least = known(min, BYTES);
    long most = known(max, BYTES);
    String allowed = min + " to " + max;
    return Format.of(
        allowed,
        text -> {
          Long bytes = amount(text, BYTES);
          if (bytes == null) {
            return Format.refused(
                "must be " + allowed + ", a whole number with a unit of B, KiB, MiB or GiB");
          }
          return bytes < least || bytes > most ? Format.mustBe(allowed) : Format.value(bytes);
        });
  }

  /** A duration, with a unit of ms, s, m, h or d; only 0 needs none. */
  static Format<Duration> duration(String min, String max) {
    long least = known(min, MILLIS);
    long most = known(max, MILLIS);
    String allowed = min + " to " + max;
    return Format.of(
        allowed,
        text -> {
          Long millis = text.strip().equals("0") ? Long.valueOf(0) : amount(text, MILLIS);
          if (millis == null) {
            return Format.refused(
                "must be " + allowed + ", a whole number with a unit of ms, s, m, h or d");
          }
          return millis < least || millis > most
              ? Format.mustBe(allowed)
              : Format.value(Duration.ofMillis(millis));
        });
  }

  /** One of two words. */
  static Format<Boolean> either(String yes, String no) {
    String allowed = yes + " or " + no;
    return Format.of(
        allowed,
        text ->
            text.equals(yes) || text.equals(no)
                ? Format.value(text.equals(yes))
                : Format.mustBe(allowed));
  }

  /** A number, or {@code auto} for a default that suits the machine. */
  static <T> Format<T> autoOr(Format<T> number, T auto) {
    String allowed = "auto or " + number.allowed();
    return Format.of(
        allowed,
        text -> {
          if (text.equals("auto")) {
            return Format.value(auto);
          }
          return number.read(text) instanceof Read.Value<T> given ? given : Format.mustBe(allowed);
        });
  }

  /**
   * Digits, an optional space, a unit; null if the text has another form or the amount does not fit
   * into 64 bits.
   */
  private static @Nullable Long amount(String text, Map<String, Long> units) {
    String trimmed = text.strip();
    int end = trimmed.startsWith("-") ? 1 : 0;
    int digits = end;
    while (end < trimmed.length() && trimmed.charAt(end) >= '0' && trimmed.charAt(end) <= '9') {
      end++;
    }
    Long unit = units.get(trimmed.substring(end).strip());
    if (end == digits || unit == null) {
      return null;
    }
    try {
      return Math.multiplyExact(Long.parseLong(trimmed, 0, end, 10), unit.longValue());
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private static long known(String text, Map<String, Long> units) {
    Long amount = amount(text, units);
    if (amount == null) {
      throw new IllegalArgumentException("not a quantity: " + text);
    }
    return amount;
  }
}
