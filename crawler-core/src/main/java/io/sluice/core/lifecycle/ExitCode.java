package io.sluice.core.lifecycle;

/** What a process's exit status says. */
public enum ExitCode {
  /** Clean: nothing lost, nothing to repeat. */
  CLEAN(0),
  /** Could not start: bad configuration, no Redis, a port taken. */
  NO_START(1),
  /** A deadline was hit; nothing is lost, the listed leases repeat. */
  FORCED(2),
  /** The audit found a leak. */
  LEAK(3);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  /** The number for the operating system. */
  public int status() {
    return status;
  }
}
