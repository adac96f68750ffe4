package io.sluice.frontier.scope;

import it.unimi.dsi.fastutil.longs.Long2IntMap;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;

/**
 * How many URLs were accepted of each path prefix, as far as they are counted. What it holds
 * depends on the additions and their order alone, not on settings, so that a journal read again
 * counts the same. Confined to its shard's thread.
 *
 * <p>Holds {@value #CAPACITY} prefixes at most, in 12 MiB. When one more comes, those with the
 * fewest URLs are forgotten until half of the places are free: first all with one URL, then with
 * two, four, eight and so on. A forgotten prefix is counted from 0 again, so it may exceed its
 * budget, each time by no more than what was forgotten: no URL is ever refused for want of a place.
 */
public final class PrefixBudgets {

  /** Prefixes at most. */
  public static final int CAPACITY = 1 << 19;

  private final Long2IntOpenHashMap counts = new Long2IntOpenHashMap();
  private final int capacity;

  /** None counted yet. */
  public PrefixBudgets() {
    this(CAPACITY);
  }

  PrefixBudgets(int capacity) {
    this.capacity = capacity;
  }

  /** Is told of a prefix and its count. */
  @FunctionalInterface
  public interface EachPrefix {
    void prefix(long fingerprint, int count);
  }

  /** URLs accepted of a prefix; 0 where it is not known. */
  public int count(long prefix) {
    return counts.get(prefix);
  }

  /** One more URL of a prefix was accepted; nothing for {@link PrefixRule#NONE}. */
  public void add(long prefix) {
    if (prefix != PrefixRule.NONE && counts.addTo(prefix, 1) == 0 && counts.size() > capacity) {
      forget();
    }
  }

  /** Puts back what {@link #forEach} told, into what holds nothing else. */
  public void restore(long prefix, int count) {
    counts.put(prefix, count);
  }

  /** Tells all prefixes, in any order. */
  public void forEach(EachPrefix receiver) {
    for (Long2IntMap.Entry entry : counts.long2IntEntrySet()) {
      receiver.prefix(entry.getLongKey(), entry.getIntValue());
    }
  }

  /** How many prefixes are counted. */
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
