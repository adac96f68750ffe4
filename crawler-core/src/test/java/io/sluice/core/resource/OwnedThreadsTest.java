package io.sluice.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.TestLedger;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnedThreadsTest {

  private static final Duration AMPLE = Duration.ofSeconds(30);

  private final TestLedger ledger = new TestLedger();
  private final OwnedThreads threads =
      new OwnedThreads(Thread.ofPlatform().daemon().name("owned-", 0), ledger, "test");
  private final ExecutorService executor = Executors.newFixedThreadPool(2, threads);
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);

  @AfterEach
  void endTheThreads() throws InterruptedException {
    mayEnd.countDown();
    executor.shutdownNow();
    assertThat(threads.awaitEnd(executor, AMPLE)).isTrue();
  }

  @Test
  void anEndedExecutorsThreadsHaveLeftTheLedger() throws InterruptedException {
    executor.execute(this::runUntilAllowed);
    running.await();
    assertThat(ledger.entries()).hasSize(1);

    mayEnd.countDown();
    executor.shutdown();

    assertThat(threads.awaitEnd(executor, AMPLE)).isTrue();
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aThreadThatIgnoresItsInterruptIsWaitedForNoLongerThanTheBound() throws InterruptedException {
    executor.execute(this::runUntilAllowed);
    running.await();

    executor.shutdownNow();

    assertThat(threads.awaitEnd(executor, Duration.ofMillis(10))).isFalse();
    assertThat(ledger.entries()).hasSize(1);
  }

  private void runUntilAllowed() {
    running.countDown();
    while (true) {
      try {
        mayEnd.await();
        return;
      } catch (InterruptedException e) {
        // a task that cannot be interrupted, like a lookup by the system's resolver
      }
    }
  }
}
