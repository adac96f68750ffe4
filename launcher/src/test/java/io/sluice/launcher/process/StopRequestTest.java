package io.sluice.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StopRequestTest {

  private long now;
  private final StopRequest stop = new StopRequest(() -> now);

  @Test
  void signalsOfOneSecondAreOneAsThoseThatTimeoutSends() {
    stop.signal("sigterm");
    pass(Duration.ofMillis(999));
    assertThat(stop.mayInsist()).isFalse();
    stop.signal("sigterm");
    assertThat(stop.isAsked()).isTrue();
    assertThat(insisted()).isFalse();
  }

  @Test
  void aLaterOneInsists() {
    stop.signal("sigterm");
    pass(StopRequest.ONE_SIGNAL);
    assertThat(stop.mayInsist()).isTrue();
    assertThat(insisted()).isFalse();
    stop.signal("sigint");
    assertThat(insisted()).isTrue();
  }

  @Test
  void aThirdInsistsHoweverSoonItComes() {
    stop.signal("sigint");
    stop.signal("sigint");
    assertThat(insisted()).isFalse();
    stop.signal("sigint");
    assertThat(insisted()).isTrue();
  }

  @Test
  void theFirstSignalInsistsOnNothingThoughTheCrawlStopsAlready() throws Exception {
    stop.ask("exhausted");
    pass(Duration.ofMinutes(1));
    assertThat(stop.mayInsist()).as("nobody has asked for anything yet").isFalse();
    stop.signal("sigterm");
    assertThat(stop.await()).isEqualTo("exhausted");
    assertThat(insisted()).isFalse();
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private boolean insisted() {
    return stop.forced().toCompletableFuture().isDone();
  }
}
