package io.sluice.core.sentinel;

import java.util.Arrays;

/**
 * A robust line through points: the median of the slopes of all pairs, which up to 29 % outliers
 * cannot move. Immutable.
 *
 * @param slope growth of y for each unit of x
 * @param low the lower end of the slope's confidence interval at 99.9%
 * @param high the upper end of that interval
 * @param noise the median distance of the points from the line, scaled to a standard deviation
 */
public record TheilSen(double slope, double low, double high, double noise) {

  /** More points are refused, since the work grows with their square. */
  public static final int MAX_POINTS = 128;

  /** The normal distribution's two-sided quantile of 99.9%. */
  private static final double Z = 3.2905;

  private static final double MEDIAN_DISTANCE_TO_DEVIATION = 1.4826;

  /**
   * Fits the line.
   *
   * @param x strictly increasing
   * @param y one value for each x
   * @throws IllegalArgumentException for fewer than 2 or more than {@value #MAX_POINTS} points
   */
  public static TheilSen through(double[] x, double[] y) {
    if (x.length < 2 || x.length > MAX_POINTS || x.length != y.length) {
      throw new IllegalArgumentException(
          "different numbers of coordinates: " + x.length + " and " + y.length);
    }
    double[] slopes = slopes(x, y);
    double slope = median(slopes);
    double half = Z * Math.sqrt(varianceOfKendallsScore(y)) / 2;
    return new TheilSen(
        slope,
        slopes[(int) Math.max(0, Math.floor((slopes.length - 1) / 2.0 - half))],
        slopes[(int) Math.min(slopes.length - 1, Math.ceil((slopes.length - 1) / 2.0 + half))],
        noise(x, y, slope));
  }

  /**
   * The median.
   *
   * @param sorted the values in ascending order; at least one
   */
  public static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double[] slopes(double[] x, double[] y) {
    double[] slopes = new double[x.length * (x.length - 1) / 2];
    int next = 0;
    for (int one = 0; one < x.length; one++) {
      for (int other = one + 1; other < x.length; other++) {
        slopes[next++] = (y[other] - y[one]) / (x[other] - x[one]);
      }
    }
    Arrays.sort(slopes);
    return slopes;
  }

  /**
   * Variance of Kendall's score if there were no trend, which gives the width of Sen's interval:
   * n(n-1)(2n+5)/18, minus the same for each group of equal values, which show no trend.
   */
  private static double varianceOfKendallsScore(double[] y) {
    double[] sorted = y.clone();
    Arrays.sort(sorted);
    double eighteenfold = term(y.length);
    int begin = 0;
    for (int end = 1; end <= sorted.length; end++) {
      if (end == sorted.length || sorted[end] != sorted[begin]) {
        eighteenfold -= term(end - begin);
        begin = end;
      }
    }
    return Math.max(0, eighteenfold) / 18; // rounding may make it negative
  }

  private static double term(int n) {
    return (double) n * (n - 1) * (2 * n + 5);
  }

  private static double noise(double[] x, double[] y, double slope) {
    double[] residuals = new double[x.length];
    Arrays.setAll(residuals, i -> y[i] - slope * x[i]);
    Arrays.sort(residuals);
    double level = median(residuals);
    Arrays.setAll(residuals, i -> Math.abs(residuals[i] - level));
    Arrays.sort(residuals);
    return median(residuals) * MEDIAN_DISTANCE_TO_DEVIATION;
  }
}
