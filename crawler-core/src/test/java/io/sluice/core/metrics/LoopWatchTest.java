package io.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.core.testing.TestLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopWatchTest {

  private long now;

  @Test
  void aStallIsShownWhileItLastsAndForAMinuteAfterIt() {
    LoopWatch watch = new LoopWatch(() -> now);
    tick(watch, Duration.ofMillis(100));
    assertThat(watch.stallNanos()).isZero();
    now += Duration.ofMillis(2100).toNanos();
    assertThat(seconds(watch)).as("while it lasts").isEqualTo(2.0);
    watch.tick();
    assertThat(seconds(watch)).isEqualTo(2.0);
    tick(watch, Duration.ofMillis(600));
    assertThat(seconds(watch)).as("a shorter one does not hide it").isEqualTo(2.0);
    for (int i = 0; i < 600; i++) {
      tick(watch, Duration.ofMillis(100));
    }
    assertThat(seconds(watch)).isEqualTo(2.0);
    for (int i = 0; i < 700; i++) {
      tick(watch, Duration.ofMillis(100));
    }
    assertThat(seconds(watch)).isZero();
  }

  private void tick(LoopWatch watch, Duration after) {
    now += after.toNanos();
    watch.tick();
  }

  private static double seconds(LoopWatch watch) {
    return watch.stallNanos() / 1e9;
  }

  @Test
  void aLoopThatIsHeldUpShowsInItsMetricAndNothingIsLeftOpen() throws Exception {
    TestLedger ledger = new TestLedger();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    CountDownLatch goOn = new CountDownLatch(1);
    try (LoopWatch watch = LoopWatch.start("some", loop, ledger, registry)) {
      loop.execute(
          () -> {
            try {
              goOn.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> watch.stallNanos() > Duration.ofMillis(300).toNanos());
      assertThat(registry.scrape())
          .containsPattern("sluice_loop_stall_seconds\\{loop=\"some\"} [0-9]+\\.[3-9]?[0-9]*");
    } finally {
      goOn.countDown();
      loop.shutdownNow();
      assertThat(loop.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(ledger.entries()).isEmpty();
    assertThat(registry.scrape()).doesNotContain("sluice_loop_stall");
    assertThat(Files.readString(Path.of(System.getProperty("sluice.root"), "docs/metrics.md")))
        .contains("`sluice_loop_stall_seconds{loop}`");
  }
}
