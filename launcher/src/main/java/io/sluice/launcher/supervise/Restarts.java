package io.sluice.launcher.supervise;

import io.sluice.core.lifecycle.Deadline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who crashed, and when it is to be started again. Confined to the supervisor's thread. */
final class Restarts {

  private final Map<Restartable, Deadline> pauses = new LinkedHashMap<>();

  /** Plans a start after a pause. */
  void plan(Restartable who, Duration pause) {
    pauses.put(who, Deadline.in(pause));
  }

  /** Whether a start is planned. */
  boolean planned(Restartable who) {
    return pauses.containsKey(who);
  }

  /** Those whose pause is over; the caller starts them. */
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
