package io.sluice.bench.frontier;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One phase of one process, printed as one line on its standard output. Immutable.
 *
 * @param phase the phase's name, one word
 * @param items number of offers or leases; 0 in a phase without either
 * @param seconds wall time
 * @param cpuSeconds user and system time of all threads, including compiler and collector
 * @param peakRss peak resident memory during the phase, in bytes
 * @param peakAnonymous peak of the resident memory that is not mapped from files, in bytes, as
 *     sampled
 * @param liveHeap bytes of the heap in use after a full collection; 0 if none was made
 * @param diskBytes total length of the contender's files at the end
 * @param urls number of URLs offered at least once by the end
 * @param note a remark for the reader; {@code -} for none
 */
record Measurement(
    String phase,
    long items,
    double seconds,
    double cpuSeconds,
    long peakRss,
    long peakAnonymous,
    long liveHeap,
    long diskBytes,
    long urls,
    String note) {

  private static final String MARK = "measured";
  private static final int WORDS = 10;

  /** The measurement as one line, without a line terminator. */
  String line() {
    return String.join(
        " ",
        List.of(
            MARK,
            phase,
            Long.toString(items),
            Double.toString(seconds),
            Double.toString(cpuSeconds),
            Long.toString(peakRss),
            Long.toString(peakAnonymous),
            Long.toString(liveHeap),
            Long.toString(diskBytes),
            Long.toString(urls),
            note));
  }

  /** Reads a line; null if the line is not a measurement. */
  static @Nullable Measurement parse(String line) {
    String[] words = line.split(" ", WORDS + 1);
    if (words.length <= WORDS || !words[0].equals(MARK)) {
      return null;
    }
    return new Measurement(
        words[1],
        Long.parseLong(words[2]),
        Double.parseDouble(words[3]),
        Double.parseDouble(words[4]),
        Long.parseLong(words[5]),
        Long.parseLong(words[6]),
        Long.parseLong(words[7]),
        Long.parseLong(words[8]),
        Long.parseLong(words[9]),
        words[WORDS]);
  }

  /** Items per second of wall time. */
  double rate() {
    return items / seconds;
  }

  /** Items per second of processor time, that is, the rate of one core. */
  double ratePerCore() {
    return items / cpuSeconds;
  }

  /** {@link #ratePerCore} without the cost of generating the items. */
  double ratePerCoreWithout(double secondsAnItem) {
    return items / Math.max(1e-9, cpuSeconds - items * secondsAnItem);
  }
}
