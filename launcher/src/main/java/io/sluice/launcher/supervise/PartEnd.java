package io.sluice.launcher.supervise;

import io.sluice.core.text.EnumWord;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * How one part of the crawl ended. Immutable.
 *
 * @param name the part's name
 * @param ending how it ended
 * @param status its exit status; empty if it is not a child of this process, or never started
 * @param restarts how often it was restarted
 * @param took how long the supervisor waited for its end
 */
record PartEnd(String name, Ending ending, OptionalInt status, int restarts, Duration took) {

  /** The ways in which a part can end. */
  enum Ending {
    /** It ended before it was ordered to stop. */
    BY_ITSELF,
    /** It crashed, and the crawl ended before it was restarted. */
    CRASHED,
    /** It ended after the order to stop. */
    ASKED,
    /** It ended after a second order, which cut its drain short. */
    FORCED,
    /** It did not react to the orders and was killed. */
    KILLED;

    /** The ending as spelled in the report: {@code by-itself}. */
    String word() {
      return EnumWord.of(this);
    }
  }
}
