package io.sluice.frontier.seen;

import java.nio.LongBuffer;

/**
 * The part of a run that is in memory: a filter, and the first fingerprint of each page. About 1.06
 * bytes per fingerprint. Filled in ascending order. Not thread-safe; may be handed to another
 * thread once it is filled.
 */
final class RunIndex {

  private final KeyFilter filter;
  private final long[] fence;
  private final LongBuffer fenceView;
  private long count;
  private int pages;

  /** Creates an empty index for at most {@code maxCount} fingerprints. */
  RunIndex(long maxCount) {
    filter = new KeyFilter(maxCount);
    fence = new long[RunFile.pages(maxCount)];
    fenceView = LongBuffer.wrap(fence);
  }

  /** Adds a fingerprint greater than all earlier ones. */
  void add(long key) {
    if (count++ % RunFile.PAGE_KEYS == 0) {
      fence[pages++] = key;
    }
    filter.add(key);
  }

  long count() {
    return count;
  }

  int pages() {
    return pages;
  }

  /** The number of fingerprints in a page. */
  int keysOf(int page) {
    return (int) Math.min(RunFile.PAGE_KEYS, count - (long) page * RunFile.PAGE_KEYS);
  }

  /** Whether the run may contain the key: true if it does, and occasionally if it does not. */
  boolean mayContain(long key) {
    return filter.mayContain(key);
  }

  /** The only page that may contain the key; -1 if none can. */
  int pageOf(long key) {
    return SortedLongs.floor(fenceView, 0, pages, key, KeyFilter.place(key, pages));
  }

  /** The page's first fingerprint. */
  long firstOf(int page) {
    return fence[page];
  }

  /** Approximate index of a key in its page, assuming evenly spread fingerprints. */
  int guess(int page, long key) {
    double low = fence[page];
    double high = page + 1 < pages ? fence[page + 1] : Long.MAX_VALUE;
    return (int) ((key - low) / (high - low) * keysOf(page));
  }

  /** The memory of an index for {@code count} fingerprints, in bytes. */
  static long memoryBytes(long count) {
    return KeyFilter.bytes(count) + (long) RunFile.pages(count) * Long.BYTES;
  }
}
