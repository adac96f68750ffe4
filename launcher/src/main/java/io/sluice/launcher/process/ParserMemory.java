package io.sluice.launcher.process;

import io.sluice.core.config.OutputSettings;
import io.sluice.core.config.ParserSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.process.MemoryPlan.Need;
import io.sluice.launcher.process.MemoryPlan.Verdict;
import io.sluice.parser.worker.PageMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * Estimates a parser process's memory from its config: for each thread, a batch of pages as
 * received, and one page inflated, decoded and parsed into a tree. To make the config fit, first
 * the number of threads is lowered, then the size of a batch, then the length at which a page is
 * cut. A pure policy. Stateless.
 */
final class ParserMemory {

  /** The allocator's chunks for Redis replies. */
  private static final long DIRECT_BASE_BYTES = 16 << 20;

  /**
   * A reply is read into a growing buffer; while it grows, its old and its new copy exist at the
   * same time.
   */
  private static final long DIRECT_COPIES = 2;

  private static final long LEAST_BATCH_BYTES = 512 << 10;
  private static final long LEAST_INFLATED_BYTES = 256 << 10;

  private ParserMemory() {}

  /**
   * Fits a config to a heap.
   *
   * @param heapBytes the process's heap; the process may use the same amount outside of it
   */
  static Verdict plan(SluiceConfig wanted, long heapBytes) {
    ParserSettings parser = wanted.parser();
    long leastBatch = Math.min(LEAST_BATCH_BYTES, parser.batchBytes());
    long leastInflated = Math.min(LEAST_INFLATED_BYTES, parser.maxInflatedBytes());
    SluiceConfig least = wanted.with(parser.with(1, leastBatch, leastInflated));
    if (!need(least).fits(heapBytes)) {
      return new Verdict.TooLittle(MemoryPlan.neededBytes(_ -> need(least)));
    }
    SluiceConfig fit = wanted;
    while (fit.parser().threads() > 1 && !need(fit).fits(heapBytes)) {
      fit = fit.with(fit.parser().withThreads(fit.parser().threads() - 1));
    }
    if (!need(fit).fits(heapBytes)) {
      fit = fit.with(parser.with(1, leastBatch, parser.maxInflatedBytes()));
    }
    if (!need(fit).fits(heapBytes)) {
      fit = fit.with(parser.with(1, leastBatch, mostInflated(least, heapBytes)));
    }
    return new Verdict.Fits(fit, lowered(parser, fit.parser()));
  }

  /** Returns the largest {@code parser.max-inflated} that fits, found by lowering it in steps. */
  private static long mostInflated(SluiceConfig least, long heapBytes) {
    long length = least.parser().maxInflatedBytes();
    double each =
        PageMemory.leastBytes(least, LEAST_INFLATED_BYTES) - PageMemory.leastBytes(least, 0);
    double left = MemoryPlan.usable(heapBytes) - need(least).leastBytes();
    return length + ((long) (left / each)) * LEAST_INFLATED_BYTES;
  }

  private static Need need(SluiceConfig config) {
    ParserSettings parser = config.parser();
    long reply = parser.batchBytes() + config.fetcher().maxBodyBytes();
    return new Need(
        PageMemory.baseBytes(config)
            + parser.threads() * PageMemory.leastBytes(config, parser.maxInflatedBytes()),
        DIRECT_BASE_BYTES + parser.threads() * (DIRECT_COPIES * reply + compressorBytes(config)),
        List.of());
  }

  /** Native memory of the compressors of a thread's output files. */
  private static long compressorBytes(SluiceConfig config) {
    OutputSettings output = config.output();
    int files = (output.jsonl() ? 1 : 0) + (output.warc() ? 1 : 0);
    return files * output.compression().nativeBytes(output.compressionLevel());
  }

  private static List<String> lowered(ParserSettings wanted, ParserSettings fit) {
    List<String> lines = new ArrayList<>();
    if (fit.threads() < wanted.threads()) {
      lines.add("parser.threads %d -> %d".formatted(wanted.threads(), fit.threads()));
    }
    lower(lines, "parser.batch-bytes", wanted.batchBytes(), fit.batchBytes());
    lower(lines, "parser.max-inflated", wanted.maxInflatedBytes(), fit.maxInflatedBytes());
    return lines;
  }

  private static void lower(List<String> lines, String key, long from, long to) {
    if (to < from) {
      lines.add("%s %s -> %s".formatted(key, MemoryLimit.text(from), MemoryLimit.text(to)));
    }
  }
}
