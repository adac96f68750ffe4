package io.sluice.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShutdownSettingsTest {

  @ParameterizedTest
  @CsvSource({"PT0S, PT5S", "PT10S, PT5S", "PT20S, PT10S", "PT5M, PT2M30S"})
  void aStepMayTakeHalfTheDeadlineAndFiveSecondsAtLeast(Duration deadline, Duration bound) {
    assertThat(new ShutdownSettings(deadline).stepBound()).isEqualTo(bound);
  }
}
