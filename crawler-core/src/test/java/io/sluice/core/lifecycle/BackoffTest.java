package io.sluice.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pause between two attempts. */
class BackoffTest {

  @ParameterizedTest
  @CsvSource({
    "50, 1000, 0, 0",
    "50, 1000, 1, 50",
    "50, 1000, 2, 100",
    "50, 1000, 5, 800",
    "50, 1000, 6, 1000",
    "50, 1000, 2147483647, 1000",
    "2000, 1000, 1, 1000", // the longest bounds the first, too
    "50, 0, 3, 0",
    "0, 1000, 2147483647, 0",
  })
  void eachFailureInARowDoublesThePauseUpToTheLongest(
      long first, long longest, int failures, long pause) {
    Backoff backoff = new Backoff(Duration.ofMillis(first), Duration.ofMillis(longest));
    assertThat(backoff.after(failures)).isEqualTo(Duration.ofMillis(pause));
  }

  @Test
  void theLongestPauseThereIsDoesNotOverflow() {
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
    assertThat(new Backoff(Duration.ofNanos(1), longest).after(1_000)).isLessThan(longest);
  }
}
