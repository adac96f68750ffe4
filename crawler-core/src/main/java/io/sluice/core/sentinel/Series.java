package io.sluice.core.sentinel;

import java.util.Arrays;

/**
 * The amounts of one kind, minute by minute, for a day. It keeps the lowest value of each minute: a
 * leak raises the floor, churn only the peaks. A minute without a sample, because the process was
 * stopped, is a gap. 1,440 numbers, 11.5 KB; the newest minute replaces the oldest. Confined to its
 * sentinel's thread.
 */
final class Series {

  /** How many minutes are kept. */
  static final int MINUTES = 24 * 60;

  private final double[] floors = new double[MINUTES];
  private long newest = -1;

  /** An empty series. */
  Series() {
    Arrays.fill(floors, Double.NaN);
  }

  /**
   * Takes a sample.
   *
   * @param minute the minute, counted from any beginning; a minute before the newest is ignored
   */
  void add(long minute, double value) {
    if (minute < newest) {
      return;
    }
    forgetUpTo(minute);
    int slot = slot(minute);
    floors[slot] = Double.isNaN(floors[slot]) ? value : Math.min(floors[slot], value);
  }

  /**
   * The points of a window: the median of each whole bin, placed at the bin's middle. A bin that
   * lacks more than half of its minutes has no point.
   *
   * @param until the minute at which the window ends, exclusive: the current one, whose floor is
   *     not known yet
   * @param minutes the window's length, at most {@link #MINUTES}
   * @param bin a bin's length in minutes; bins begin at multiples of it
   */
  Points window(long until, int minutes, int bin) {
    long last = Math.floorDiv(until, bin);
    int bins = minutes / bin;
    double[] hours = new double[bins];
    double[] values = new double[bins];
    int found = 0;
    for (long number = Math.max(0, last - bins); number < last; number++) {
      double median = medianOfBin(number * bin, bin);
      if (!Double.isNaN(median)) {
        hours[found] = (number - last + 0.5) * bin / 60;
        values[found++] = median;
      }
    }
    return new Points(Arrays.copyOf(hours, found), Arrays.copyOf(values, found), bin / 60.0);
  }

  private double medianOfBin(long begin, int length) {
    if (length == 1) {
      return floor(begin);
    }
    double[] known = new double[length];
    int count = 0;
    for (long minute = begin; minute < begin + length; minute++) {
      double floor = floor(minute);
      if (!Double.isNaN(floor)) {
        known[count++] = floor;
      }
    }
    if (count * 2 < length) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(known, count);
    Arrays.sort(sorted);
    return TheilSen.median(sorted);
  }

  private double floor(long minute) {
    return minute > newest || minute <= newest - MINUTES ? Double.NaN : floors[slot(minute)];
  }

  private void forgetUpTo(long minute) {
    for (long next = Math.max(newest + 1, minute - MINUTES + 1); next <= minute; next++) {
      floors[slot(next)] = Double.NaN;
    }
    newest = minute;
  }

  private static int slot(long minute) {
    return (int) (minute % MINUTES);
  }
}
