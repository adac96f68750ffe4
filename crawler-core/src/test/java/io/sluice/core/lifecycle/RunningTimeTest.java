package io.sluice.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunningTimeTest {

  private long nanos = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos(); // it wraps soon
  private final RunningTime time = new RunningTime(() -> nanos);
  private final long began = time.getAsLong();

  @Test
  void aWatchedClockLeavesOutWhatPassesBetweenTwoLooksButForASecond() {
    time.watch();
    pass(Duration.ofMillis(900));
    assertThat(running()).isEqualTo(Duration.ofMillis(900));

    pass(Duration.ofMinutes(1));
    assertThat(running()).isEqualTo(Duration.ofMillis(1_900));

    pass(Duration.ofMillis(100));
    assertThat(running()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aClockThatNobodyWatchesLeavesNothingOut() {
    pass(Duration.ofMinutes(1));
    time.watch();
    time.watch();
    time.unwatch();
    pass(Duration.ofMinutes(1));
    time.unwatch();
    pass(Duration.ofMinutes(1));

    assertThat(running()).isEqualTo(Duration.ofMinutes(2).plus(RunningTime.LONGEST_STEP));
  }

  /** However late each reading is, a wait measured by this clock ends. */
  @Test
  void itGoesOnThoughEveryLookIsLate() {
    time.watch();
    for (int look = 0; look < 20; look++) {
      pass(Duration.ofSeconds(30));
      time.getAsLong();
    }
    assertThat(running()).isEqualTo(RunningTime.LONGEST_STEP.multipliedBy(20));
  }

  private void pass(Duration duration) {
    nanos += duration.toNanos();
  }

  private Duration running() {
    return Duration.ofNanos(time.getAsLong() - began);
  }
}
