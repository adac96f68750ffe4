package io.sluice.frontier.seen;

import java.nio.LongBuffer;

/**
 * What is in memory of a run: a filter, and the fence, which is the first fingerprint of each page.
 * Some 1.06 bytes a fingerprint. Filled in the fingerprints' order. Not thread-safe; may be handed
 * to another thread when it is filled.
 */
final class RunIndex {

  private final KeyFilter filter;
  private final long[] fence;
  private final LongBuffer fenceView;
  private long count;
  private int pages;

  /** An empty index for so many fingerprints at most. */
  RunIndex(long maxCount) {
    filter = new KeyFilter(maxCount);
    fence = new long[RunFile.pages(maxCount)];
    fenceView = LongBuffer.wrap(fence);
  }

  /** Adds a fingerprint above all former ones. */
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

  /** How many fingerprints a page holds. */
  int keysOf(int page) {
    return (int) Math.min(RunFile.PAGE_KEYS, count - (long) page * RunFile.PAGE_KEYS);
  }

  /** False if the run does not hold the key; true if it does, and now and then if it does not. */
  boolean mayContain(long key) {
    return filter.mayContain(key);
  }

  /** The page that holds the key if any does; -1 if none can. */
  int pageOf(long key) {
    return SortedLongs.floor(fenceView, 0, pages, key, KeyFilter.place(key, pages));
  }

  /** The page's first fingerprint. */
  long firstOf(int page) {
    return fence[page];
  }

  /** About where in its page a key is, if fingerprints are spread evenly there. */
  int guess(int page, long key) {
    double low = fence[page];
    double high = page + 1 < pages ? fence[page + 1] : Long.MAX_VALUE;
    return (int) ((key - low) / (high - low) * keysOf(page));
  }

  /** What the index of so many fingerprints takes. */
  static long memoryBytes(long count) {
    return KeyFilter.bytes(count) + (long) RunFile.pages(count) * Long.BYTES;
  }
}
