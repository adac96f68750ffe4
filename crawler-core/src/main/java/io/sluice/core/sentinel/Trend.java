package io.sluice.core.sentinel;

/**
 * Judges whether a kind climbs: a pure function of its series. A window shows a climb if all of the
 * following hold:
 *
 * <ul>
 *   <li>it is steady: each quarter of the window lies above the one before by a fair share of the
 *       rise, so that neither a step nor a pool that fills up counts;
 *   <li>it is beyond noise: even the low end of the line's slope rises, and the rise is several
 *       times the distance of the points from the line;
 *   <li>it matters: the rise has a minimum size;
 *   <li>it is not a daily cycle: a count that goes up and down is judged only by a window of a
 *       whole day. Shorter windows judge counts that hardly ever fall, and entries that have
 *       stayed.
 * </ul>
 *
 * <p>Stateless.
 */
final class Trend {

  /** The rise is at least this many times the noise. */
  private static final double TIMES_NOISE = 4;

  /**
   * The same for a series that churns: its neighbouring points are alike, so it wanders farther
   * than its noise suggests.
   */
  private static final double TIMES_NOISE_OF_CHURN = 10;

  /** Each quarter rises by at least this share of what a straight line would. */
  private static final double FAIR_SHARE = 0.3;

  /** A series churns if more than this percentage of its points are lower than the one before. */
  private static final double HARDLY_EVER_PERCENT = 5;

  /** Minimum percentage of a window's possible points that must be present. */
  private static final int PRESENT_PERCENT = 66;

  /**
   * The windows, shortest first: short ones notice a fast rise early, long ones a slow rise at all.
   */
  private enum Window {
    TEN_MINUTES(10, 1, 10, false, false),
    HOUR(60, 1, 40, false, false),
    SIX_HOURS(6 * 60, 5, 3 * 60, true, false),
    DAY(24 * 60, 15, 23 * 60, true, true);

    private final int minutes;
    private final int bin;
    private final int atLeast;
    private final boolean stayedMayChurn;
    private final boolean allMayChurn;

    Window(int minutes, int bin, int atLeast, boolean stayedMayChurn, boolean allMayChurn) {
      this.minutes = minutes;
      this.bin = bin;
      this.atLeast = atLeast;
      this.stayedMayChurn = stayedMayChurn;
      this.allMayChurn = allMayChurn;
    }

    boolean isFilledBy(Points points) {
      double spanMinutes = points.spanHours() * 60;
      return Math.round(spanMinutes) >= atLeast
          && points.size() * 100 >= spanMinutes / bin * PRESENT_PERCENT;
    }
  }

  private Trend() {}

  /**
   * Judges a kind.
   *
   * @param leastRise the smallest significant rise in a window
   * @param minute the current minute, which is not judged yet
   */
  static Verdict decide(Track track, double leastRise, long minute) {
    boolean known = false;
    for (Window window : Window.values()) {
      Points all = track.all().window(minute, window.minutes, window.bin);
      if (!window.isFilledBy(all)) {
        continue;
      }
      known = true;
      if (climbs(all, window.allMayChurn, leastRise)) {
        return climbing(all, false);
      }
      Points stayed = track.stayed().window(minute, window.minutes, window.bin);
      if (window.isFilledBy(stayed) && climbs(stayed, window.stayedMayChurn, leastRise)) {
        return climbing(stayed, true);
      }
    }
    return known ? new Verdict.Level() : new Verdict.Unknown();
  }

  /** The slope of the last hour, or of as much of it as there is; NaN before ten minutes. */
  static double perHour(Track track, long minute) {
    Points hour = track.all().window(minute, Window.HOUR.minutes, Window.HOUR.bin);
    return Window.TEN_MINUTES.isFilledBy(hour) ? hour.line().slope() : Double.NaN;
  }

  /** By how much a series grew, from the first to the last quarter of its last minutes. */
  static double growth(Series series, long minute, int minutes) {
    Points points = series.window(minute, minutes, Math.max(1, minutes / 60));
    if (points.size() < 2) {
      return 0;
    }
    double[] quarters = points.quarters();
    double growth = quarters[quarters.length - 1] - quarters[0];
    return Double.isNaN(growth) ? 0 : growth;
  }

  private static boolean climbs(Points points, boolean mayChurn, double leastRise) {
    boolean churns = points.fallsPercent() > HARDLY_EVER_PERCENT;
    if ((churns && !mayChurn) || !isSteady(points)) {
      return false;
    }
    TheilSen line = points.line();
    double rise = line.slope() * points.spanHours();
    double noise = line.noise() * (churns ? TIMES_NOISE_OF_CHURN : TIMES_NOISE);
    return line.low() > 0 && rise >= leastRise && rise >= noise;
  }

  private static boolean isSteady(Points points) {
    double[] quarters = points.quarters();
    double rise = quarters[quarters.length - 1] - quarters[0];
    double least = FAIR_SHARE * rise / (quarters.length - 1);
    boolean steady = rise > 0; // false for NaN
    for (int i = 1; i < quarters.length; i++) {
      steady &= quarters[i] - quarters[i - 1] >= least;
    }
    return steady;
  }

  private static Verdict climbing(Points points, boolean stayed) {
    int minutes = (int) Math.round(points.spanHours() * 60);
    return new Verdict.Climbing(points.line().slope(), minutes, stayed);
  }
}
