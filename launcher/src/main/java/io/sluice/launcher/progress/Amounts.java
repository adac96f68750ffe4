package io.sluice.launcher.progress;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them: {@code 12,497}, {@code 3.4 MiB}, {@code 1m 05s}. Stateless. */
public final class Amounts {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Amounts() {}

  /** A count with its thousands marked. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A rate: one decimal below ten, whole above. */
  public static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 10 ? "%.1f" : "%,.0f", perSecond);
  }

  /** Bytes in the largest binary unit that leaves at least 1. */
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
