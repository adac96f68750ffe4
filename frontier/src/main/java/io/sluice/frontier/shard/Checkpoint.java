package io.sluice.frontier.shard;

/**
 * A shard's state written whole, but for what is in segments and runs, which it names. Immutable,
 * its state excepted.
 *
 * @param state the state
 * @param crawlLogLength how long the crawl log was, all of it certain
 */
record Checkpoint(ShardState state, long crawlLogLength) {

  // The types of its records, in the order in which they are written.

  static final int TOTALS = 1;
  static final int SEGMENT = 2;
  static final int SEEN_RUN = 3;
  static final int HOST = 4;
  static final int RETURNED = 5;
  static final int URL = 6;
  static final int RETRY = 7;
  static final int LEASE = 8;
  static final int SEEN = 9;
  static final int PREFIXES = 10;
  static final int END = 11;
  static final int BUCKET = 12; // after the hosts
}
