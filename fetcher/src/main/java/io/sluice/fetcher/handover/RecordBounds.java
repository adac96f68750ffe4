package io.sluice.fetcher.handover;

import io.sluice.core.config.FrontierSettings;
import io.sluice.core.config.SluiceConfig;

/**
 * Limits on the record-only entries that parsers may owe; once they are reached, no further visit
 * begins. A visit in progress counts as an entry of {@link #VISIT_BYTES}. Immutable.
 *
 * @param count maximum number of entries owed and visits in progress
 * @param bytes maximum number of bytes that they occupy in Redis
 */
public record RecordBounds(int count, long bytes) {

  /**
   * Assumed size of a visit's record-only entries, in bytes: usually a robots.txt and a redirect,
   * sometimes far more.
   */
  static final long VISIT_BYTES = 16 << 10;

  /** The bounds for record-only entries are those for pages divided by this. */
  private static final int PART = 4;

  private static final int LEAST_COUNT = 64;
  private static final long LEAST_BYTES = 1 << 20;

  /**
   * Returns a quarter of what the frontier allows for outstanding pages, with a minimum, plus room
   * for all visits that may be in progress at a time, so that only entries that parsers owe can
   * hold visits back.
   */
  public static RecordBounds of(SluiceConfig config) {
    FrontierSettings frontier = config.frontier();
    int visits = Math.min(config.fetcher().connections(), frontier.outstandingPages());
    return new RecordBounds(
        Math.max(LEAST_COUNT, frontier.outstandingPages() / PART) + visits,
        Math.max(LEAST_BYTES, frontier.outstandingBytes() / PART) + visits * VISIT_BYTES);
  }
}
