package io.sluice.launcher.progress;

import java.time.Duration;
import java.util.Locale;

/** Formats numbers for people: {@code 12,497}, {@code 3.4 MiB}, {@code 1m 05s}. Stateless. */
public final class Amounts {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Amounts() {}

  /** A number with thousands separators. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A number of things: {@code 1 host}, {@code 2,000 hosts}. */
  public static String count(long number, String thing) {
    return count(number) + " " + thing + (number == 1 ? "" : "s");
  }

  /** A number of things with an irregular plural: {@code 1 process}, {@code 2 processes}. */
  public static String count(long number, String thing, String things) {
    return count(number) + " " + (number == 1 ? thing : things);
  }

  /** A rate: with one decimal below ten, as a whole number above. */
  public static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 10 ? "%.1f" : "%,.0f", perSecond);
  }

  /** Bytes in the largest binary unit in which the number is at least 1. */
  public static String bytes(double bytes) {
    int unit = 0;
    double amount = bytes;
    while (amount >= 1024 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    String number = unit == 0 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, number, amount, UNITS[unit]);
  }

  /** An elapsed time, of constant width up to 99 hours: {@code 0:01:05}. */
  public static String clock(Duration time) {
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }

  /** A duration: {@code 4.2s} below a minute, then minutes, then hours. */
  public static String time(Duration time) {
    if (time.toSeconds() < 60) {
      return String.format(Locale.ROOT, "%.1fs", time.toMillis() / 1000.0);
    }
    if (time.toMinutes() < 60) {
      return String.format(Locale.ROOT, "%dm %02ds", time.toMinutes(), time.toSecondsPart());
    }
    return String.format(Locale.ROOT, "%dh %02dm", time.toHours(), time.toMinutesPart());
  }
}
