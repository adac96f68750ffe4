package io.sluice.core.lifecycle;

/** Which exit code a shutdown earns. Stateless. */
final class ExitPolicy {

  private ExitPolicy() {}

  /**
   * Decides. A leak outranks a forced stop, for it is a defect; a lease that nobody accounts for is
   * a leak too. A failure or an overrun means that the promise of a clean stop cannot be given.
   *
   * @param forced how many things were cut
   * @param failures how many calls threw or overran their bound
   * @param leases the sums of leases
   * @param clean whether the audit found nothing that should not be
   */
  static ExitCode decide(int forced, int failures, LeaseSums leases, boolean clean) {
    if (!clean || !leases.balanced()) {
      return ExitCode.LEAK;
    }
    return forced > 0 || failures > 0 || leases.forcedCount() > 0
        ? ExitCode.FORCED
        : ExitCode.CLEAN;
  }
}
