package io.sluice.launcher.supervise;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * How one part of the crawl ended. Immutable.
 *
 * @param name what it is called
 * @param ending how it came to its end
 * @param status its exit status; nothing where it is no child of ours, or never began
 * @param restarts how often it was started again
 * @param took how long the supervisor waited for its end
 */
record PartEnd(String name, Ending ending, OptionalInt status, int restarts, Duration took) {

  /** What it took to end a part. */
  enum Ending {
    /** It had ended before the stop reached it. */
    BY_ITSELF,
    /** It had died and was to be started again; the crawl ended first. */
    CRASHED,
    /** It ended when it was asked to. */
    ASKED,
    /** It ended when it was asked a second time: its own drain was cut. */
    FORCED,
    /** It heard nothing and was killed. */
    KILLED;

    /** The ending as the report spells it: {@code by-itself}. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
