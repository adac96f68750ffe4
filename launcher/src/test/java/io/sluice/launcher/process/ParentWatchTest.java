package io.sluice.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ParentWatchTest {

  private final StopRequest stop = new StopRequest();
  private final CountDownLatch lastResort = new CountDownLatch(1);

  @Test
  void aProcessWhoseParentDiesIsAskedToStopAndEndedTheHardWayAtTheBound() throws Exception {
    PipedOutputStream parent = new PipedOutputStream();
    ParentWatch.start(
        new PipedInputStream(parent), stop, Duration.ofMillis(100), lastResort::countDown);
    assertThat(stop.isAsked()).isFalse();
    parent.close();
    await().atMost(Duration.ofSeconds(10)).until(stop::isAsked);
    assertThat(stop.await()).isEqualTo(ParentWatch.PARENT_GONE);
    assertThat(lastResort.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theHardWayDoesNotWaitForWhoeverHearsOfTheStop() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    var _ = stop.asked().thenRun(() -> awaitQuietly(never));
    PipedOutputStream parent = new PipedOutputStream();
    ParentWatch.start(
        new PipedInputStream(parent), stop, Duration.ofMillis(10), lastResort::countDown);
    parent.close();
    assertThat(lastResort.await(10, TimeUnit.SECONDS)).isTrue();
    never.countDown();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
