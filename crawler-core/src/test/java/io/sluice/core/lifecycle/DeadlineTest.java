package io.sluice.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class DeadlineTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);

  @Test
  void whatIsLeftShrinksToZeroAlsoWhenTheClockWraps() {
    Deadline deadline = Deadline.in(Duration.ofNanos(100), nanos::get);
    nanos.addAndGet(40);
    assertThat(deadline.left()).isEqualTo(Duration.ofNanos(60));
    assertThat(deadline.passed()).isFalse();

    nanos.addAndGet(90);

    assertThat(deadline.left()).isZero();
    assertThat(deadline.passed()).isTrue();
  }

  @Test
  void aSignalCutsItShort() {
    CompletableFuture<Void> signal = new CompletableFuture<>();
    Deadline deadline = Deadline.in(Duration.ofHours(1)).cutBy(signal);
    assertThat(deadline.passed()).isFalse();

    signal.complete(null);

    assertThat(deadline.passed()).isTrue();
    assertThat(deadline.left()).isZero();
  }

  @Test
  void aWaitEndsWithTheEventHoweverItEnds() throws InterruptedException {
    Deadline deadline = Deadline.in(Duration.ofHours(1));

    assertThat(deadline.await(CompletableFuture.completedFuture("done"))).isTrue();
    assertThat(deadline.await(CompletableFuture.failedFuture(new Exception()))).isTrue();
  }

  @Test
  void aWaitEndsWithTheDeadline() throws InterruptedException {
    assertThat(Deadline.in(Duration.ofMillis(5)).await(new CompletableFuture<>())).isFalse();
  }

  @Test
  void aPauseEndsByItselfWithTheDeadlineOrWithTheSignal() throws InterruptedException {
    CompletableFuture<Void> signal = new CompletableFuture<>();
    Deadline deadline = Deadline.in(Duration.ofHours(1)).cutBy(signal);
    assertThat(deadline.pause(Duration.ofMillis(1))).isTrue();
    assertThat(Deadline.in(Duration.ofMillis(5)).pause(Duration.ofHours(1))).isFalse();
    Thread cutter = Thread.ofVirtual().start(() -> signal.complete(null));
    assertThat(deadline.pause(Duration.ofHours(1))).isFalse();
    cutter.join();
  }

  @Test
  void aWaitEndsWithTheSignal() throws InterruptedException {
    CompletableFuture<Void> signal = new CompletableFuture<>();
    Deadline deadline = Deadline.in(Duration.ofHours(1)).cutBy(signal);
    Thread cutter = Thread.ofVirtual().start(() -> signal.complete(null));

    assertThat(deadline.await(new CompletableFuture<>())).isFalse();
    cutter.join();
  }

  @Test
  void aThreadIsWaitedForUntilItEndsOrTheDeadlineOrTheSignal() throws InterruptedException {
    CompletableFuture<Void> go = new CompletableFuture<>();
    Thread thread = Thread.ofPlatform().start(go::join);
    CompletableFuture<Void> signal = new CompletableFuture<>();
    Deadline deadline = Deadline.in(Duration.ofHours(1)).cutBy(signal);
    Thread cutter = Thread.ofVirtual().start(() -> signal.complete(null));

    assertThat(Deadline.in(Duration.ofMillis(5)).join(thread)).isFalse();
    assertThat(deadline.join(thread)).isFalse();
    go.complete(null);
    assertThat(Deadline.in(Duration.ofHours(1)).join(thread)).isTrue();
    cutter.join();
  }

  /** Between the fifth and the sixth look, the process stands still for a minute. */
  @Test
  void aStandstillDuringAWaitMovesTheDeadline() throws InterruptedException {
    AtomicLong looks = new AtomicLong();
    long step = Duration.ofMillis(100).toNanos();
    long minute = Duration.ofMinutes(1).toNanos();
    LongSupplier frozen = () -> looks.incrementAndGet() * step + (looks.get() > 5 ? minute : 0);
    Deadline deadline = Deadline.in(Duration.ofMillis(1_950), frozen);

    assertThat(deadline.await(new CompletableFuture<>())).isFalse();

    assertThat(looks).as("a second of the minute counts").hasValueBetween(10L, 15L);
    assertThat(deadline.passed()).isTrue();
  }

  @Test
  void aStandstillDuringAJoinMovesTheDeadline() throws InterruptedException {
    CompletableFuture<Void> go = new CompletableFuture<>();
    Thread thread = Thread.ofPlatform().start(go::join);
    AtomicLong looks = new AtomicLong();
    long hour = Duration.ofHours(1).toNanos();
    LongSupplier frozen =
        () -> {
          if (looks.incrementAndGet() == 8) {
            go.complete(null); // right after the standstill
          }
          return looks.get() > 5 ? hour : 0;
        };

    assertThat(Deadline.in(Duration.ofMinutes(1), frozen).join(thread)).isTrue();
    thread.join();
  }
}
