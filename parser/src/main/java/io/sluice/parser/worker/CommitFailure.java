package io.sluice.parser.worker;

import io.sluice.core.text.EnumWord;

/** Why a batch was not committed. */
enum CommitFailure {
  /** Redis did not answer; whether it accepted the commit is not known yet. */
  REDIS_LOST,
  /** Redis lost its data, or another crawl owns the partition, since the batch was read. */
  STALE_EPOCH,
  /** Pages of the batch were claimed by another worker. */
  NOT_OURS;

  private final String word = EnumWord.of(this);

  /** The failure as logs and metrics spell it: {@code stale-epoch}. */
  String word() {
    return word;
  }
}
