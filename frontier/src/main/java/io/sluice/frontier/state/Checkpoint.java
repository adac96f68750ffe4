package io.sluice.frontier.state;

/**
 * A shard's whole state; its segments and runs are referred to by name. Immutable, except for the
 * state.
 *
 * @param crawlLogLength the durable length of the crawl log, in bytes
 */
public record Checkpoint(ShardState state, long crawlLogLength) {

  // The types of a checkpoint's records, in the order in which they are written.

  static final int TOTALS = 1;
  static final int SEGMENT = 2;
  static final int SEEN_RUN = 3;
  public static final int HOST = 4;
  static final int RETURNED = 5;
  static final int URL = 6;
  static final int LEASE = 8;
  static final int SEEN = 9;
  static final int PREFIXES = 10;
  static final int END = 11;
  static final int BUCKET = 12; // after the hosts
  static final int AGAIN = 13;
  static final int ADMITTED = 14;
  static final int ENDED_BY = 15;
  static final int LEFT_ALONE = 16;
}
