package io.sluice.parser.worker;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The links that a worker offered lately, so that it need not offer them again: pages of a site
 * share nine of ten links. Only links of committed outcomes are remembered, with the smallest depth
 * at which they were offered; a link found nearer to the seeds is offered anew. URLs are compared
 * whole, so no link is ever taken for another. Bounded: a table of fixed size in which a newer link
 * takes the place of an older one. Confined to its worker's thread.
 */
final class OfferedLinks {

  private static final int SLOTS = 1 << 15;

  /** Longer URLs are not remembered: together with the slots this bounds the memory. */
  private static final int MAX_LENGTH = 512;

  private final @Nullable String[] urls = new @Nullable String[SLOTS];
  private final int[] depths = new int[SLOTS];
  private final Map<String, Integer> uncommitted = new HashMap<>();

  /**
   * Whether a link has to be offered; if so it is remembered once the batch is committed.
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

  /** The batch is committed. */
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

  /** The batch is dropped: what was offered in it was not. */
  void forgetBatch() {
    uncommitted.clear();
  }

  /** Redis may have lost what was committed: nothing is known to have been offered. */
  void clear() {
    uncommitted.clear();
    Arrays.fill(urls, null);
  }

  private static int slot(String url) {
    int hash = url.hashCode();
    return (hash ^ (hash >>> 15)) & (SLOTS - 1);
  }
}
