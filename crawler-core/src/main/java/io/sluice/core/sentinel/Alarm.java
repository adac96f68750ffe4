package io.sluice.core.sentinel;

/**
 * Makes one warning of many verdicts: it is raised when a kind has climbed for some minutes on end,
 * and cleared when it has been level for so many minutes that a longer window would have told. A
 * leak drips at random, so in a short window it pauses. Confined to its sentinel's thread.
 */
final class Alarm {

  /** So many verdicts on end raise it. */
  static final int RAISED_AFTER = 3;

  /** What the window of six hours needs before it tells. */
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

  /** Takes the verdict of a minute. */
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
