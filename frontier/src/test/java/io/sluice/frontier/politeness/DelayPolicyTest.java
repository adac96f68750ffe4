package io.sluice.frontier.politeness;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Visit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelayPolicyTest {

  @ParameterizedTest(name = "{0}, crawl-delay {1}, Retry-After {2}, response {3} x {4}: {5}")
  @CsvSource({
    "1000, 0, , 0, 0, 1000",
    "1000, 2000, , 0, 0, 2000",
    "3000, 2000, , 0, 0, 3000",
    "1000, 2000, 3000, 0, 0, 3000",
    "0, 0, -5, 0, 0, 0",
    "0, 999999999, , 0, 0, 86400000",
    "0, 0, 999999999, 0, 0, 86400000",
    "1000, 0, , 400, 0, 1000",
    "1000, 0, , 400, 2, 1000",
    "1000, 0, , 400, 3, 1200",
    "0, 0, , 80000000, 100, 86400000",
  })
  void thePauseIsTheLongestOfWhatIsAskedForAsFarAsItIsGranted(
      int delay,
      int crawlDelay,
      @Nullable Integer retryAfter,
      int response,
      int factor,
      int pause) {
    Visit visit =
        new Visit(
            null,
            retryAfter == null ? null : Duration.ofMillis(retryAfter),
            true,
            Duration.ofMillis(response),
            Finding.GOOD,
            null);
    DelayPolicy policy = new DelayPolicy(factor, Duration.ofMinutes(5));
    assertThat(policy.pause(Duration.ofMillis(delay), Duration.ofMillis(crawlDelay), 0, visit))
        .isEqualTo(Duration.ofMillis(pause));
  }

  @ParameterizedTest(name = "delay {0} s, {1} in a row, up to {2} s: {3} s")
  @CsvSource({
    "1, 0, 300, 1",
    "1, 1, 300, 2",
    "1, 2, 300, 4",
    "1, 8, 300, 256",
    "1, 9, 300, 300",
    "1, 2000000000, 300, 300",
    "0, 1, 300, 2",
    "0, 0, 300, 0",
    "10, 1, 300, 20",
    "10, 3, 0, 10",
    "10, 3, 5, 10",
  })
  void eachTroubledVisitInARowDoublesThePauseUpToItsBound(
      int delay, int troubles, int most, int pause) {
    DelayPolicy policy = new DelayPolicy(0, Duration.ofSeconds(most));
    assertThat(policy.pause(Duration.ofSeconds(delay), Duration.ZERO, troubles, Visit.UNREQUESTED))
        .isEqualTo(Duration.ofSeconds(pause));
  }
}
