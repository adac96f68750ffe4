package io.sluice.core.sentinel;

import java.util.Arrays;

/** A window of a series, in the order of time. Immutable: its arrays are never written to. */
final class Points {

  private static final int QUARTERS = 4;

  private final double[] hours;
  private final double[] values;
  private final double bin;

  /**
   * Takes ownership of the arrays.
   *
   * @param hours the times of the points, strictly increasing; 0 is the window's end
   * @param values the value at each time
   * @param bin number of hours that each point covers
   */
  Points(double[] hours, double[] values, double bin) {
    this.hours = hours;
    this.values = values;
    this.bin = bin;
  }

  int size() {
    return values.length;
  }

  /**
   * The time from the start of the first point's bin to the end of the last one's, in hours; 0 if
   * empty.
   */
  double spanHours() {
    return hours.length == 0 ? 0 : hours[hours.length - 1] - hours[0] + bin;
  }

  /** The percentage of points that are lower than the one before. */
  double fallsPercent() {
    int falls = 0;
    for (int i = 1; i < values.length; i++) {
      falls += values[i] < values[i - 1] ? 1 : 0;
    }
    return values.length < 2 ? 0 : 100.0 * falls / (values.length - 1);
  }

  /** The median of each quarter of the span; a quarter without a point has NaN. */
  double[] quarters() {
    double[] medians = new double[QUARTERS];
    double length = spanHours() / QUARTERS;
    int begin = 0;
    for (int quarter = 0; quarter < QUARTERS; quarter++) {
      int end = begin;
      double until = hours[0] - bin / 2 + length * (quarter + 1);
      while (end < hours.length && (hours[end] < until || quarter == QUARTERS - 1)) {
        end++;
      }
      double[] sorted = Arrays.copyOfRange(values, begin, end);
      Arrays.sort(sorted);
      medians[quarter] = sorted.length == 0 ? Double.NaN : TheilSen.median(sorted);
      begin = end;
    }
    return medians;
  }

  TheilSen line() {
    return TheilSen.through(hours, values);
  }
}
