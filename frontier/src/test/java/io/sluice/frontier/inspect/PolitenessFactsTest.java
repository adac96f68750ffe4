package io.sluice.frontier.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PolitenessFactsTest {

  private static final Instant START = Instant.parse("2026-11-29T10:00:00Z");

  private final PolitenessFacts.Builder host = new PolitenessFacts.Builder();

  @Test
  void gapsRunFromTheEndOfARequestToTheBeginOfTheNext() {
    host.request(START.plusMillis(100), 100);
    host.request(START.plusMillis(5200), 200);
    host.request(START.plusMillis(1300), 150);
    assertThat(host.build("a.test"))
        .isEqualTo(
            new PolitenessFacts(
                "a.test", 3, Duration.ofMillis(1050), Duration.ofMillis(3700), 0, 0));
  }

  @Test
  void aHostThatWasAskedOnceHasNoGap() {
    host.request(START, 10);
    assertThat(host.build("a.test")).isEqualTo(new PolitenessFacts("a.test", 1, null, null, 0, 0));
  }

  @Test
  void aRetryAfterIsObeyedIfNoRequestBeganBeforeItWasOver() {
    host.request(START, 10);
    host.rest(START, START.plusSeconds(60));
    host.request(START.plusSeconds(61), 1000);
    host.rest(START.plusSeconds(61), START.plusSeconds(90));
    host.request(START.plusSeconds(80), 10);
    PolitenessFacts facts = host.build("a.test");
    assertThat(facts.rests()).isEqualTo(2);
    assertThat(facts.restsObeyed()).isEqualTo(1);
  }
}
