package io.sluice.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartLinesTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:8080/",
    "localhost, http://localhost:8080/",
    "0.0.0.0,   http://localhost:8080/",
    "'::',      http://localhost:8080/",
    "::1,       http://[::1]:8080/",
    "[::1],     http://[::1]:8080/",
  })
  void thePageIsToldAsABrowserOnThisMachineFindsIt(String bind, String page) {
    assertThat(StartLines.livePage(bind, 8080)).isEqualTo(page);
  }
}
