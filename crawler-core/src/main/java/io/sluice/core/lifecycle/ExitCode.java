package io.sluice.core.lifecycle;

/** The meaning of a process's exit status. */
public enum ExitCode {
  /** Clean: nothing lost, nothing to repeat. */
  CLEAN(0, 0),
  /** Could not start: bad configuration, no Redis, a port taken. */
  NO_START(1, 4),
  /**
   * A deadline was hit or storage failed; nothing is lost, and the listed leases are visited again.
   */
  FORCED(2, 2),
  /** The audit found a leak. */
  LEAK(3, 3),
  /** The crawl ended without a single page in its directory. */
  NO_PAGE(4, 1);

  private final int status;
  private final int gravity;

  ExitCode(int status, int gravity) {
    this.status = status;
    this.gravity = gravity;
  }

  /** The process's exit status. */
  public int status() {
    return status;
  }

  /** The worse of the two: a leak is worse than a forced stop, which is worse than no page. */
  public ExitCode worse(ExitCode other) {
    return other.gravity > gravity ? other : this;
  }
}
