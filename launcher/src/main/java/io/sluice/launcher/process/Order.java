package io.sluice.launcher.process;

import java.time.Duration;
import java.util.Optional;

/**
 * An order from the supervisor to a child: a line on the child's standard input. A signal may be
 * sent by any process, but only the supervisor writes to this pipe. Immutable.
 */
public sealed interface Order {

  /**
   * Stop in an orderly way.
   *
   * @param reason why the child is to stop, in one line
   * @param within how long the child may drain
   * @param drain whether the whole crawl stops, in which case a parser first reads the pages left
   *     in Redis; otherwise it leaves them to other parsers
   */
  record Stop(String reason, Duration within, boolean drain) implements Order {

    @Override
    public String line() {
      return "%s %d %s".formatted(drain ? DRAIN : STOP, within.toMillis(), reason);
    }
  }

  /** End at once: the user insists, or the time for the stop is over. */
  record Insist() implements Order {

    @Override
    public String line() {
      return INSIST;
    }
  }

  String STOP = "stop";
  String DRAIN = "drain";
  String INSIST = "now";

  /** The order as sent through the pipe, without a line terminator. */
  String line();

  /** Reads a line; empty if the line is not an order. */
  static Optional<Order> parse(String line) {
    String[] words = line.split(" ", 3);
    boolean drain = words[0].equals(DRAIN);
    if (words.length == 3 && (drain || words[0].equals(STOP))) {
      try {
        Duration within = Duration.ofMillis(Long.parseLong(words[1]));
        return Optional.of(new Stop(words[2], within, drain));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
    return line.equals(INSIST) ? Optional.of(new Insist()) : Optional.empty();
  }
}
