package io.sluice.launcher.process;

import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.process.MemoryPlan.Verdict;
import java.util.List;

/**
 * The config of a process, made to fit its heap. Immutable.
 *
 * @param config the settings to run with
 * @param key the key that sets the heap's size
 * @param heapBytes the heap's maximum size
 * @param lowered the settings that were lowered, each as {@code key from -> to}
 */
public record MemoryLimit(SluiceConfig config, String key, long heapBytes, List<String> lowered) {

  private static final long KIB = 1 << 10;

  public MemoryLimit {
    lowered = List.copyOf(lowered);
  }

  /**
   * Fits a fetcher's config to a heap.
   *
   * @throws CannotStart if not even the minimum fits
   */
  public static MemoryLimit ofFetcher(SluiceConfig wanted, long heapBytes) throws CannotStart {
    return of(
        FetcherMemory.plan(wanted, heapBytes),
        wanted,
        heapBytes,
        "fetcher.heap",
        "fetcher.max-body=" + text(wanted.fetcher().maxBodyBytes()));
  }

  /**
   * Fits a parser's config to a heap.
   *
   * @throws CannotStart if not even the minimum fits
   */
  public static MemoryLimit ofParser(SluiceConfig wanted, long heapBytes) throws CannotStart {
    return of(
        ParserMemory.plan(wanted, heapBytes),
        wanted,
        heapBytes,
        "parser.heap",
        "fetcher.max-body=%s, parser.batch-bytes=%s"
            .formatted(text(wanted.fetcher().maxBodyBytes()), text(wanted.parser().batchBytes())));
  }

  private static MemoryLimit of(
      Verdict verdict, SluiceConfig wanted, long heapBytes, String key, String beside)
      throws CannotStart {
    return switch (verdict) {
      case Verdict.Fits(SluiceConfig config, List<String> lowered) ->
          new MemoryLimit(config, key, heapBytes, lowered);
      case Verdict.TooLittle(long needed) ->
          throw new CannotStart(
              "%s=%s: too small for %s of crawl %s, which needs %s; raise it or lower %s"
                  .formatted(
                      key,
                      text(heapBytes),
                      beside,
                      wanted.crawl().name(),
                      text(needed),
                      beside.replaceAll("=[^,]*", "")));
    };
  }

  /**
   * Returns this process's maximum heap: the configured one under a supervisor, otherwise the
   * JVM's.
   */
  static long ofThisProcess(long configured, ProcessOptions options) {
    return options.supervised() ? configured : Runtime.getRuntime().maxMemory();
  }

  /** One line for the user about the plan; empty if nothing had to be lowered. */
  public String line() {
    return lowered.isEmpty()
        ? ""
        : "%s=%s lowers %s; raise it to use the configured values"
            .formatted(key, text(heapBytes), String.join(", ", lowered));
  }

  /**
   * Formats an amount of memory as in a config: in MiB if that gives a whole or a large number,
   * otherwise in KiB.
   */
  static String text(long bytes) {
    long mib = KIB * KIB;
    if (bytes % mib == 0 || bytes >= 10 * mib) {
      return bytes / mib + " MiB";
    }
    return bytes >= KIB ? bytes / KIB + " KiB" : bytes + " bytes";
  }
}
