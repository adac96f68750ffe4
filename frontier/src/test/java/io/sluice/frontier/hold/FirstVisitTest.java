package io.sluice.frontier.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Finding;
import io.sluice.frontier.hold.HostState.Sign;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstVisitTest {

  private final FirstVisit policy = new FirstVisit(Duration.ofSeconds(10));

  @Test
  void aHostThatWasNeverAskedHasTheConfiguredTime() {
    assertThat(firstByte(HostState.First.STATE)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aHostThatEverAnsweredHasTheUsualTimeouts() {
    assertThat(firstByte(HostState.Proven.STATE)).isNull();
    assertThat(firstByte(troubled(HostState.Proven.STATE, 1))).isNull();
  }

  @Test
  void theTimeDoublesWithEachLaterTryUntilTheUsualTimeoutsAreShorter() {
    for (int tries = 1; tries <= 20; tries++) {
      assertThat(firstByte(troubled(HostState.First.STATE, tries)))
          .as("after %d", tries)
          .isEqualTo(Duration.ofSeconds(10L << tries));
    }
    assertThat(firstByte(troubled(HostState.First.STATE, 21))).isNull();
  }

  @ParameterizedTest(name = "{0} untried hosts, {1} places: {2}")
  @CsvSource({
    "0, 256, 10s",
    "256, 256, 10s",
    "512, 256, 5s",
    "1280, 256, 2s",
    "1000000, 256, 2s",
    "1000000, 1, 2s",
  })
  void whileManyHostsAreUntriedEachHasLessAtItsFirstVisitButAFifthAtLeast(
      int untried, int places, String patience) {
    assertThat(policy.firstByte(HostState.First.STATE, untried, places))
        .isEqualTo(Duration.parse("PT" + patience));
    assertThat(policy.firstByte(troubled(HostState.First.STATE, 1), untried, places))
        .as("at its next visit it makes up for that")
        .isEqualTo(Duration.ofSeconds(20));
  }

  private @Nullable Duration firstByte(HostState state) {
    return policy.firstByte(state, 0, 1);
  }

  private static HostState troubled(HostState from, int tries) {
    HostState state = from;
    for (int url = 1; url <= tries; url++) {
      Sign silence = new Sign(Finding.NO_ANSWER, "first-byte-timeout", url, false, true, url, 0);
      state = state.after(silence).next();
    }
    return state;
  }
}
