package io.sluice.frontier.scope;

import it.unimi.dsi.fastutil.longs.Long2IntMap;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;

/**
 * The number of URLs accepted under each path prefix that is counted. It depends only on the
 * additions and their order, not on settings, so that replaying a journal gives the same counts.
 * Confined to its shard's thread.
 *
 * <p>Holds at most {@value #CAPACITY} prefixes, in 12 MiB. When one more is added, the prefixes
 * with the fewest URLs are dropped until half of the table is free: first those with one URL, then
 * those with up to two, four, eight and so on. A dropped prefix is counted from 0 again, so it may
 * exceed its budget, each time by at most the count that was dropped. No URL is ever refused for
 * lack of room in the table.
 */
public final class PrefixBudgets {

  /** Maximum number of prefixes. */
  public static final int CAPACITY = 1 << 19;

  private final Long2IntOpenHashMap counts = new Long2IntOpenHashMap();
  private final int capacity;

  /** Creates an empty table. */
  public PrefixBudgets() {
    this(CAPACITY);
  }

  PrefixBudgets(int capacity) {
    this.capacity = capacity;
  }

  /** Receives a prefix and its count. */
  @FunctionalInterface
  public interface EachPrefix {
    void prefix(long fingerprint, int count);
  }

  /** Number of URLs accepted under a prefix; 0 if it is unknown. */
  public int count(long prefix) {
    return counts.get(prefix);
  }

  /** Counts an accepted URL of a prefix; does nothing for {@link PrefixRule#NONE}. */
  public void add(long prefix) {
    if (prefix != PrefixRule.NONE && counts.addTo(prefix, 1) == 0 && counts.size() > capacity) {
      forget();
    }
  }

  /** Restores what {@link #forEach} reported, into an empty table. */
  public void restore(long prefix, int count) {
    counts.put(prefix, count);
  }

  /** Reports all prefixes, in any order. */
  public void forEach(EachPrefix receiver) {
    for (Long2IntMap.Entry entry : counts.long2IntEntrySet()) {
      receiver.prefix(entry.getLongKey(), entry.getIntValue());
    }
  }

  /** The number of prefixes in the table. */
  public int size() {
    return counts.size();
  }

  private void forget() {
    for (long fewest = 1; counts.size() > capacity / 2; fewest *= 2) {
      long bound = fewest;
      counts.values().removeIf(count -> count <= bound);
    }
  }
}
