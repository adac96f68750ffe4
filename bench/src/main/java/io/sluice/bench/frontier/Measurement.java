package io.sluice.bench.frontier;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One phase of one process, as a line of its standard output carries it. Immutable.
 *
 * @param phase its name, one word
 * @param items offers, leases or, where there are none, 0
 * @param seconds wall time
 * @param cpuSeconds user and system time of all threads, compiler and collector included
 * @param peakRss bytes resident at most during the phase
 * @param peakAnonymous bytes of these that belong to no file, as sampled
 * @param liveHeap bytes of the heap in use after a full collection; 0 where none was made
 * @param diskBytes the lengths of the contender's files at the end
 * @param urls URLs offered at least once by the end
 * @param note what a reader must know; {@code -} for nothing
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

  /** The line, without its end. */
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

  /** Reads a line; null if it is another one. */
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

  /** Items a second of wall time. */
  double rate() {
    return items / seconds;
  }

  /** Items a second of processor time: what one core does. */
  double ratePerCore() {
    return items / cpuSeconds;
  }

  /** The same without what it cost to make the items, at so many processor seconds each. */
  double ratePerCoreWithout(double secondsAnItem) {
    return items / Math.max(1e-9, cpuSeconds - items * secondsAnItem);
  }
}
