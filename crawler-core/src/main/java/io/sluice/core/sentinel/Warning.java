package io.sluice.core.sentinel;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The text of a warning. Immutable.
 *
 * @param owner the owner whose entries grew most; empty if the ledger does not show one
 */
record Warning(String kind, Verdict.Climbing climb, Reading.Amount amount, Optional<String> owner) {

  private static final int MINUTES_OF_TWO_HOURS = 120;
  private static final int HOURS_OF_THREE_DAYS = 72;

  /** One line: kind, rate, owner, and the time until the limit. */
  String text() {
    return "%s climbs steadily, by %s an hour over the last %s%s (%s now); owner: %s; %s"
        .formatted(
            kind,
            amount.unit().text(climb.perHour()),
            span(climb.minutes()),
            climb.stayed() ? ", counting what stays open" : "",
            amount.unit().text(amount.now()),
            owner.orElse("unknown"),
            limit(amount.room()));
  }

  private String limit(OptionalDouble room) {
    if (room.isEmpty()) {
      return "no limit is known";
    }
    double minutes = room.getAsDouble() / climb.perHour() * 60;
    return "at this rate the limit is reached in " + span(minutes);
  }

  private static String span(double minutes) {
    if (minutes < MINUTES_OF_TWO_HOURS) {
      return Math.round(minutes) + " min";
    }
    double hours = minutes / 60;
    return hours < HOURS_OF_THREE_DAYS
        ? Math.round(hours) + " h"
        : Math.round(hours / Duration.ofDays(1).toHours()) + " days";
  }
}
