package io.sluice.launcher.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalWidthTest {

  @ParameterizedTest
  @CsvSource({"24 132, 132", "'50 40\n', 40", "0 0, 80", "'', 80", "24, 80", "24 99999, 80"})
  void aTerminalThatDoesNotTellHasEightyColumns(String size, int columns) {
    assertThat(TerminalWidth.parse(size)).isEqualTo(columns);
  }
}
