package io.sluice.core.sentinel;

import static io.sluice.core.sentinel.Alarm.Change.CLEARED;
import static io.sluice.core.sentinel.Alarm.Change.NONE;
import static io.sluice.core.sentinel.Alarm.Change.RAISED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlarmTest {

  private static final Verdict LEVEL = new Verdict.Level();

  private final Alarm alarm = new Alarm();

  @Test
  void oneVerdictIsNoAlarmAndThreeOnEndAreOne() {
    assertThat(take(climbing(10), 2)).containsOnly(NONE);
    assertThat(take(LEVEL, 1)).containsOnly(NONE);
    assertThat(take(climbing(10), 3)).containsExactly(NONE, NONE, RAISED);
  }

  @Test
  void itIsRaisedOnceHoweverLongTheClimb() {
    assertThat(take(climbing(10), 1_000)).containsOnlyOnce(RAISED).doesNotContain(CLEARED);
  }

  @Test
  void aPauseOfTheClimbDoesNotClearIt() {
    take(climbing(10), 3);

    assertThat(take(LEVEL, Alarm.CLEARED_AFTER - 1)).containsOnly(NONE);
    assertThat(take(climbing(10), 5)).containsOnly(NONE);
    assertThat(take(LEVEL, Alarm.CLEARED_AFTER - 1)).containsOnly(NONE);
    assertThat(take(LEVEL, 1)).containsExactly(CLEARED);
    assertThat(alarm.isRaised()).isFalse();
  }

  @Test
  void whatADayShowedIsHeldForHalfADay() {
    take(climbing(24 * 60), 3);

    assertThat(take(LEVEL, 12 * 60 - 1)).containsOnly(NONE);
    assertThat(take(LEVEL, 1)).containsExactly(CLEARED);
  }

  @Test
  void minutesThatTellNothingChangeNothing() {
    take(climbing(10), 3);

    assertThat(take(new Verdict.Unknown(), 2 * Alarm.CLEARED_AFTER)).containsOnly(NONE);
    assertThat(alarm.isRaised()).isTrue();
  }

  private List<Alarm.Change> take(Verdict verdict, int times) {
    List<Alarm.Change> changes = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      changes.add(alarm.take(verdict));
    }
    return changes;
  }

  private static Verdict climbing(int minutes) {
    return new Verdict.Climbing(5, minutes, false);
  }
}
