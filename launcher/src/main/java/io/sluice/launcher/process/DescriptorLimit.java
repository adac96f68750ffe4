package io.sluice.launcher.process;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.process.DescriptorPlan.Verdict;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * The config of this process, made to fit its limit of file descriptors. Immutable.
 *
 * @param config the settings to run with
 * @param limit maximum number of descriptors that the process may open; the largest {@code int} if
 *     the system has no limit
 * @param lowered the settings that were lowered, each as {@code key from -> to}
 */
public record DescriptorLimit(SluiceConfig config, int limit, List<String> lowered) {

  /**
   * Fits a fetcher's config.
   *
   * @throws CannotStart if not even the least fits
   */
  public static DescriptorLimit ofFetcher(SluiceConfig wanted) throws CannotStart {
    return of("the fetcher", DescriptorPlan.fetcher(wanted, ofThisProcess(), libraries()), wanted);
  }

  /**
   * Fits a parser's config.
   *
   * @throws CannotStart if not even the least fits
   */
  public static DescriptorLimit ofParser(SluiceConfig wanted) throws CannotStart {
    return of("a parser", DescriptorPlan.parser(wanted, ofThisProcess(), libraries()), wanted);
  }

  /**
   * Checks that a supervisor of this crawl has enough descriptors.
   *
   * @throws CannotStart if it has too few
   */
  public static void checkSupervisor(SluiceConfig wanted) throws CannotStart {
    of("the supervisor", DescriptorPlan.supervisor(wanted, ofThisProcess(), libraries()), wanted);
  }

  private static DescriptorLimit of(String who, Verdict verdict, SluiceConfig wanted)
      throws CannotStart {
    return switch (verdict) {
      case Verdict.Fits(SluiceConfig config, List<String> lowered) ->
          new DescriptorLimit(config, ofThisProcess(), lowered);
      case Verdict.TooFew(int needed) ->
          throw new CannotStart(
              "the limit of %d open files is too low for %s of crawl %s, which needs %d; raise it with ulimit -n, or LimitNOFILE= under systemd"
                  .formatted(ofThisProcess(), who, wanted.crawl().name(), needed));
    };
  }

  /** One line for the user about the plan; empty if nothing had to be lowered. */
  public String line() {
    return lowered.isEmpty()
        ? ""
        : "the limit of %d open files lowers %s; raise it with ulimit -n, or LimitNOFILE= under systemd"
            .formatted(limit, String.join(", ", lowered));
  }

  private static int ofThisProcess() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      long limit = unix.getMaxFileDescriptorCount();
      return limit <= 0 || limit > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) limit;
    }
    return Integer.MAX_VALUE;
  }

  private static int libraries() {
    return System.getProperty("java.class.path", "").split(File.pathSeparator, -1).length;
  }
}
