package io.sluice.core.sentinel;

/**
 * Turns many verdicts into one warning: it is raised when a kind has climbed for several
 * consecutive minutes, and cleared when it has been level for as long as the longest window needs
 * to notice a climb, because a leak that drips at random looks level in a short one. Confined to
 * its sentinel's thread.
 */
final class Alarm {

  /** Number of consecutive verdicts of a climb that raise the alarm. */
  static final int RAISED_AFTER = 3;

  /**
   * Minimum number of level verdicts in a row that clear the alarm: the minutes that the six-hour
   * window needs to notice a climb.
   */
  static final int CLEARED_AFTER = 3 * 60;

  private boolean raised;
  private int climbs;
  private int levels;
  private int clearedAfter;

  /** What a verdict changed. */
  enum Change {
    NONE,
    RAISED,
    CLEARED
  }

  boolean isRaised() {
    return raised;
  }

  /** Takes the verdict of one minute. */
  Change take(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Climbing climbing -> climbed(climbing);
      case Verdict.Level _ -> rested();
      case Verdict.Unknown _ -> Change.NONE;
    };
  }

  private Change climbed(Verdict.Climbing climbing) {
    climbs++;
    levels = 0;
    clearedAfter = Math.max(CLEARED_AFTER, climbing.minutes() / 2);
    if (raised || climbs < RAISED_AFTER) {
      return Change.NONE;
    }
    raised = true;
    return Change.RAISED;
  }

  private Change rested() {
    climbs = 0;
    levels++;
    if (!raised || levels < clearedAfter) {
      return Change.NONE;
    }
    raised = false;
    return Change.CLEARED;
  }
}
