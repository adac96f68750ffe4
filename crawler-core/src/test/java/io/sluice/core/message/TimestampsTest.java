package io.sluice.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TimestampsTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-29T10:00:00Z,           2026-11-29T10:00:00.000Z",
    "2026-11-29T10:00:00.5Z,         2026-11-29T10:00:00.500Z",
    "2026-11-29T10:00:00.123456789Z, 2026-11-29T10:00:00.123Z",
  })
  void everyTimeHasThreeDigitsBehindTheSeconds(Instant instant, String text) {
    assertThat(Timestamps.text(instant)).isEqualTo(text);
  }
}
