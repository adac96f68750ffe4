package io.sluice.parser.worker;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The links that a worker offered recently, so that it need not offer them again: pages of a site
 * share nine out of ten links. Only links of committed outcomes are remembered, with the smallest
 * depth at which they were offered; a link found closer to the seeds is offered again. Whole URLs
 * are compared, so a link is never mistaken for another. Bounded: a table of fixed size in which
 * newer links replace older ones. Confined to its worker's thread.
 */
final class OfferedLinks {

  private static final int SLOTS = 1 << 15;

  /**
   * Maximum length of a URL that is remembered, in characters; with the table's size, this bounds
   * the memory.
   */
  private static final int MAX_LENGTH = 512;

  private final @Nullable String[] urls = new @Nullable String[SLOTS];
  private final int[] depths = new int[SLOTS];
  private final Map<String, Integer> uncommitted = new HashMap<>();

  /**
   * Whether a link has to be offered; if so, it is remembered once the batch is committed.
   *
   * @param depth the link's depth
   */
  boolean offer(String url, int depth) {
    int slot = slot(url);
    if (url.equals(urls[slot]) && depths[slot] <= depth) {
      return false;
    }
    Integer pending = uncommitted.get(url);
    if (pending != null && pending <= depth) {
      return false;
    }
    uncommitted.put(url, depth);
    return true;
  }

  /** Remembers the links of the committed batch. */
  void commit() {
    uncommitted.forEach(this::remember);
    uncommitted.clear();
  }

  private void remember(String url, int depth) {
    if (url.length() <= MAX_LENGTH) {
      int slot = slot(url);
      urls[slot] = url;
      depths[slot] = depth;
    }
  }

  /** Drops the batch: its links count as not offered. */
  void forgetBatch() {
    uncommitted.clear();
  }

  /** Forgets all links, because Redis may have lost committed outcomes. */
  void clear() {
    uncommitted.clear();
    Arrays.fill(urls, null);
  }

  private static int slot(String url) {
    int hash = url.hashCode();
    return (hash ^ (hash >>> 15)) & (SLOTS - 1);
  }
}
