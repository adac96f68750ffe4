package io.sluice.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A refused login fails at once; after a problem that may be temporary, the login is tried again.
 */
class RefusedLoginTest {

  @ParameterizedTest
  @CsvSource({
    "WRONGPASS invalid username-password pair or user is disabled., true",
    "NOAUTH Authentication required., true",
    "ERR invalid password, true",
    "ERR Client sent AUTH but no password is set, true",
    "LOADING Redis is loading the dataset in memory, false",
    "Connection refused: /127.0.0.1:6379, false"
  })
  void onlyAnAnswerAboutTheLoginIsFinal(String said, boolean lasting) {
    assertThat(ServerCheck.refusesLogin(said)).isEqualTo(lasting);
  }
}
