package io.sluice.it;

import io.sluice.core.sentinel.TheilSen;
import java.util.Arrays;

/**
 * Judges whether a recorded series stays flat. The first half is warm-up, in which pools fill, code
 * is compiled and caches reach their size. The second half is cut into blocks of equal time, since
 * neighbouring seconds resemble each other; each block is represented by its median, or by its
 * minimum for a value that drops at each clean-up. A Theil-Sen line is fitted to the blocks. The
 * series climbs if the line rises beyond doubt (Sen's interval at 99.9% lies above zero) and rises
 * over the second half by more than the rule allows. A falling series is not a leak.
 *
 * <p>Immutable.
 *
 * @param slopePerHour the slope of the line
 * @param rise the line's growth over the second half
 * @param allowed maximum growth of a line that rises beyond doubt
 * @param sure whether the line rises beyond doubt
 */
record Flatness(double slopePerHour, double rise, double allowed, boolean sure) {

  private static final int BLOCKS = 24;

  /** How much a kind of series may grow. Immutable. */
  enum Rule {
    /**
     * Defects: never in two consecutive readings. A single reading may have some: if dozens of
     * threads are waiting for a processor, a thread may be delayed between opening a descriptor and
     * entering it in the ledger for longer than the census waits.
     */
    NEVER(0, 0, false),
    /** Descriptors and threads. */
    COUNT(1, 0.02, false),
    /** Memory that is in use. */
    BYTES(1 << 20, 0.03, false),
    /** Memory judged by each block's lowest reading. */
    FLOOR(1 << 20, 0.03, true),
    /** A figure that may grow for good reasons and is therefore only shown. */
    SHOWN(Double.POSITIVE_INFINITY, 0, false);

    private final double unit;
    private final double share;
    private final boolean lowest;

    Rule(double unit, double share, boolean lowest) {
      this.unit = unit;
      this.share = share;
      this.lowest = lowest;
    }
  }

  /** Judges the second half of a series; one of fewer than four readings is flat. */
  static Flatness of(double[] seconds, double[] values, Rule rule) {
    if (rule == Rule.NEVER) {
      double lasting = highestThatLasts(values);
      return new Flatness(0, lasting, 0, lasting > 0);
    }
    double begin = seconds.length == 0 ? 0 : (seconds[0] + seconds[seconds.length - 1]) / 2;
    int first = (int) Arrays.stream(seconds).filter(second -> second < begin).count();
    int blocks = Math.min(BLOCKS, seconds.length - first);
    if (blocks < 2) {
      return new Flatness(0, 0, 0, false);
    }
    double[] x = new double[blocks];
    double[] y = new double[blocks];
    for (int block = 0; block < blocks; block++) {
      int from = first + (seconds.length - first) * block / blocks;
      int to = first + (seconds.length - first) * (block + 1) / blocks;
      x[block] = median(Arrays.copyOfRange(seconds, from, to));
      double[] part = Arrays.copyOfRange(values, from, to);
      y[block] = rule.lowest ? Arrays.stream(part).min().orElse(0) : median(part);
    }
    return through(x, y, rule);
  }

  boolean flat() {
    return !sure || rise <= allowed;
  }

  private static Flatness through(double[] x, double[] y, Rule rule) {
    TheilSen line = TheilSen.through(x, y);
    double allowed = Math.max(rule.unit, rule.share * median(y));
    double rise = line.slope() * (x[x.length - 1] - x[0]);
    return new Flatness(line.slope() * 3600, rise, allowed, line.low() > 0);
  }

  private static double highestThatLasts(double[] values) {
    double highest = 0;
    for (int i = 1; i < values.length; i++) {
      highest = Math.max(highest, Math.min(values[i - 1], values[i]));
    }
    return highest;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return TheilSen.median(sorted);
  }
}
