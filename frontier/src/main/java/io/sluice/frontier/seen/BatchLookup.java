package io.sluice.frontier.seen;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Looks up a batch of fingerprints in ascending order, so that a run's index and file are traversed
 * once, from low to high, and neighbouring pages are read together. Confined to its shard's thread.
 */
final class BatchLookup {

  /**
   * Maximum gap of unneeded pages that is read as well, since reading them from the page cache
   * costs less than another read. (Runs larger than the page cache are so long that gaps worth
   * reading from disk are rare.)
   */
  private static final int GAP_PAGES = 4;

  private final PageWindow window;
  private long[] keys = {};
  private int count;

  /** Candidates in the current run: the key's index, and the page where it would be. */
  private int[] candidates = {};

  private int[] pages = {};

  /** Creates an empty batch. The window is borrowed. */
  BatchLookup(PageWindow window) {
    this.window = window;
  }

  /** Starts with no fingerprints and room for {@code capacity} of them. */
  void begin(int capacity) {
    count = 0;
    if (capacity > keys.length) {
      keys = new long[capacity];
      candidates = new int[capacity];
      pages = new int[capacity];
    }
  }

  void add(long key) {
    keys[count++] = key;
  }

  /** Sorts the fingerprints and removes duplicates. */
  void sort() {
    Arrays.sort(keys, 0, count);
    int kept = Math.min(count, 1);
    for (int i = 1; i < count; i++) {
      if (keys[i] != keys[i - 1]) {
        keys[kept++] = keys[i];
      }
    }
    count = kept;
  }

  /** Looks the fingerprints up in a run; those found are reported and removed from the batch. */
  void through(Run run, LongConsumer found) throws IOException {
    int asked = choose(run.index());
    int hits = 0;
    for (int from = 0, to; from < asked; from = to) {
      to = endOfRead(from, asked);
      window.read(run.file(), pages[from], pages[to - 1] - pages[from] + 1);
      for (int i = from; i < to; i++) {
        if (i == from || pages[i] != pages[i - 1]) {
          window.check(run.file(), pages[i]);
        }
        if (window.holds(run.index(), pages[i], keys[candidates[i]])) {
          found.accept(keys[candidates[i]]);
          candidates[hits++] = candidates[i];
        }
      }
    }
    remove(hits);
  }

  private int choose(RunIndex index) {
    int asked = 0;
    for (int i = 0; i < count; i++) {
      if (index.mayContain(keys[i])) {
        int page = index.pageOf(keys[i]);
        if (page >= 0) {
          candidates[asked] = i;
          pages[asked++] = page;
        }
      }
    }
    return asked;
  }

  private int endOfRead(int from, int asked) {
    int to = from + 1;
    while (to < asked
        && pages[to] - pages[to - 1] <= GAP_PAGES + 1
        && pages[to] - pages[from] < window.maxPages()) {
      to++;
    }
    return to;
  }

  /** Closes the gaps left by the first {@code hits} candidates, which were found. */
  private void remove(int hits) {
    int kept = hits == 0 ? count : candidates[0];
    for (int i = kept, hit = 0; i < count; i++) {
      if (hit < hits && candidates[hit] == i) {
        hit++;
      } else {
        keys[kept++] = keys[i];
      }
    }
    count = kept;
  }

  /** The number of fingerprints that no run so far contains. */
  int remaining() {
    return count;
  }

  /** A fingerprint that remains. */
  long remaining(int at) {
    return keys[at];
  }

  long memoryBytes() {
    return keys.length * (Long.BYTES + 2L * Integer.BYTES);
  }
}
