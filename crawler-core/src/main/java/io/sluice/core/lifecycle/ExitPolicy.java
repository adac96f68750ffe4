package io.sluice.core.lifecycle;

/** Decides the exit code of a shutdown. Stateless. */
final class ExitPolicy {

  private ExitPolicy() {}

  /**
   * Decides the exit code. A leak outranks a forced stop, since it is a defect; a lease that is not
   * accounted for is a leak, too. After a failure or an overrun a clean stop cannot be promised.
   *
   * @param forced number of things that the deadline or a second signal cut
   * @param failures number of calls that threw or overran their bound, plus failures of storage
   * @param leases numbers of leases, by how they ended
   * @param clean whether the audit found nothing left open
   * @param pageless whether the crawl ended without a page in its directory
   */
  static ExitCode decide(
      int forced, int failures, LeaseSums leases, boolean clean, boolean pageless) {
    ExitCode exit = pageless ? ExitCode.NO_PAGE : ExitCode.CLEAN;
    if (forced > 0 || failures > 0 || leases.forcedCount() > 0) {
      exit = exit.worse(ExitCode.FORCED);
    }
    return clean && leases.balanced() ? exit : exit.worse(ExitCode.LEAK);
  }
}
