package io.sluice.launcher.process;

import io.sluice.core.config.SluiceConfig;
import java.util.List;
import java.util.stream.Stream;

/**
 * A config made to fit this process's descriptor limit and heap. Immutable.
 *
 * @param config the settings to run with
 * @param lines the lowered settings, one line for each limit
 */
public record FittedConfig(SluiceConfig config, List<String> lines) {

  static FittedConfig ofFetcher(SluiceConfig wanted, ProcessOptions options) throws CannotStart {
    DescriptorLimit descriptors = DescriptorLimit.ofFetcher(wanted);
    long heap = MemoryLimit.ofThisProcess(wanted.fetcher().heapBytes(), options);
    return of(descriptors, MemoryLimit.ofFetcher(descriptors.config(), heap));
  }

  /**
   * Fits a parser's config as a parser process under {@code sluice run} does, whatever the heap of
   * this process is.
   *
   * @throws CannotStart if not even the minimum fits
   */
  public static FittedConfig ofSupervisedParser(SluiceConfig wanted) throws CannotStart {
    return ofParser(wanted, new ProcessOptions("parser", true));
  }

  static FittedConfig ofParser(SluiceConfig wanted, ProcessOptions options) throws CannotStart {
    DescriptorLimit descriptors = DescriptorLimit.ofParser(wanted);
    long heap = MemoryLimit.ofThisProcess(wanted.parser().heapBytes(), options);
    return of(descriptors, MemoryLimit.ofParser(descriptors.config(), heap));
  }

  private static FittedConfig of(DescriptorLimit descriptors, MemoryLimit memory) {
    List<String> lines =
        Stream.of(descriptors.line(), memory.line()).filter(line -> !line.isEmpty()).toList();
    return new FittedConfig(memory.config(), lines);
  }
}
