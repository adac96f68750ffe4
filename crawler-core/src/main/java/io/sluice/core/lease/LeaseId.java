package io.sluice.core.lease;

import org.jspecify.annotations.Nullable;

/**
 * The name of a lease, unique in a crawl forever: the shard that issued it and a number that this
 * shard never issues twice. Its text form, {@code <shard>-<sequence>} in decimal, is used in
 * messages. Immutable.
 *
 * @param shard the issuing shard, 0 to 65535
 * @param sequence the shard's running number, from 1
 */
public record LeaseId(int shard, long sequence) {

  public LeaseId {
    if (shard < 0 || shard > 0xFFFF || sequence < 1) {
      throw new IllegalArgumentException(
          "a lease id needs a shard from 0 to 65535 and a sequence of 1 or more, not "
              + shard
              + " and "
              + sequence);
    }
  }

  /** Reads the text form; null if {@code text} is not one. */
  public static @Nullable LeaseId parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 1 || text.length() > 32) {
      return null;
    }
    try {
      return new LeaseId(
          Integer.parseInt(text, 0, dash, 10), Long.parseLong(text, dash + 1, text.length(), 10));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return shard + "-" + sequence;
  }
}
