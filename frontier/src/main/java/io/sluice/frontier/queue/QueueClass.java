package io.sluice.frontier.queue;

import io.sluice.core.lease.Priority;

/**
 * The classes of a host's waiting URLs, as numbers that are stored in files and never change; URLs
 * of a lower class are leased first. Stateless.
 */
public final class QueueClass {

  /** URLs whose retry is due. */
  public static final int RETRY = 0;

  /** URLs that the current settings refuse; they are leased only to be judged again. */
  public static final int SET_ASIDE = 5;

  /** The number of classes. */
  public static final int COUNT = 6;

  private static final int FIRST_PRIORITY = 1;

  private QueueClass() {}

  /** The class of a priority. */
  public static int of(Priority priority) {
    return FIRST_PRIORITY + PackedUrl.bits(priority);
  }
}
