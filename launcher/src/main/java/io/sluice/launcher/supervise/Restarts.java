package io.sluice.launcher.supervise;

import io.sluice.core.lifecycle.Deadline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records which parts have crashed, and when to restart them. Confined to the supervisor's thread.
 */
final class Restarts {

  private final Map<Restartable, Deadline> pauses = new LinkedHashMap<>();

  /** Schedules a restart after a pause. */
  void plan(Restartable who, Duration pause) {
    pauses.put(who, Deadline.in(pause));
  }

  /** Whether a restart is scheduled. */
  boolean planned(Restartable who) {
    return pauses.containsKey(who);
  }

  /** Removes and returns the parts whose pause is over; the caller restarts them. */
  List<Restartable> takeDue() {
    List<Restartable> due =
        pauses.entrySet().stream()
            .filter(pause -> pause.getValue().passed())
            .map(Map.Entry::getKey)
            .toList();
    pauses.keySet().removeAll(due);
    return due;
  }
}
