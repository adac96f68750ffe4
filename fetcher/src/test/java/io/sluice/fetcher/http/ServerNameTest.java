package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerNameTest {

  @ParameterizedTest
  @ValueSource(strings = {"_x.a.test", "t_ls.a.test", "-a.a.test", "a-.a.test", "a.-b.test"})
  void namesThatTheJdkRefusesAreIndicatedAsTheyAre(String host) {
    assertThat(ServerName.isOdd(host)).isTrue();
    assertThat(ServerName.indication(host))
        .singleElement()
        .satisfies(
            name ->
                assertThat(new String(name.getEncoded(), StandardCharsets.US_ASCII))
                    .isEqualTo(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a.test", "xn--4cab6c.se", "127.0.0.1", "[::1]", "a--b.test", "localhost"})
  void othersAreTheJdksBusiness(String host) {
    assertThat(ServerName.isOdd(host)).isFalse();
  }

  @Test
  void aLabelThatIsTooLongIsNotIndicated() {
    assertThat(ServerName.indication("_" + "x".repeat(63) + ".test")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "t_ls.cases.test, t_ls.cases.test, true",
    "t_ls.cases.test, T_LS.Cases.Test, true",
    "t_ls.cases.test, *.cases.test, true",
    "t_ls.cases.test, *.CASES.test, true",
    "a.t_ls.cases.test, *.cases.test, false",
    "t_ls.cases.test, t*.cases.test, false",
    "t_ls.cases.test, *.test, false",
    "t_ls.cases.test, *.*.test, false",
    "t_ls.cases.test, *, false",
    "t_ls.cases.test, *t_ls.cases.test, false",
    "t_ls.cases.test, cases.test, false",
    "t_s.test, *.test, false",
    ".cases.test, *.cases.test, false"
  })
  void aCertificateIsForTheNamesInIt(String host, String presented, boolean matches) {
    assertThat(ServerName.matches(host, presented)).isEqualTo(matches);
  }
}
