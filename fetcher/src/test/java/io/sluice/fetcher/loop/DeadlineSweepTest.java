package io.sluice.fetcher.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.core.lifecycle.RunningTime;
import io.sluice.core.testing.TestLedger;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadlineSweepTest {

  private static final Duration TICK = Duration.ofMillis(DeadlineSweep.TICK_MILLIS);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final TestLedger ledger = new TestLedger();
  private long nanos;
  private final RunningTime time = new RunningTime(() -> nanos);
  private final DeadlineSweep sweep = new DeadlineSweep(channel.eventLoop(), time, ledger);

  @BeforeEach
  void watchTheClock() {
    channel.freezeTime();
    time.watch();
  }

  @AfterEach
  void close() {
    sweep.stop();
    var _ = channel.close();
  }

  /** A stand-in for a request. */
  private final class Request implements DeadlineSweep.Timed {
    private final long deadlineNanos;
    private boolean expired;

    Request(Duration timeout) {
      this.deadlineNanos = sweep.nanoTime() + timeout.toNanos();
      sweep.watch(this);
    }

    @Override
    public long deadlineNanos() {
      return deadlineNanos;
    }

    @Override
    public void expire() {
      expired = true;
      sweep.letGo(this);
    }
  }

  @Test
  void aDeadlineExpiresWithTheFirstSweepAfterIt() {
    Request request = new Request(Duration.ofMillis(120));
    pass(TICK);
    pass(TICK);
    assertThat(request.expired).isFalse();
    pass(TICK);
    assertThat(request.expired).isTrue();
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aProcessThatStoodStillForAMinuteFindsNothingLate() {
    Request request = new Request(Duration.ofSeconds(10));
    pass(TICK);
    pass(Duration.ofMinutes(1));
    for (int tick = 0; tick < 100; tick++) {
      pass(TICK); // five seconds in total
    }
    assertThat(request.expired).isFalse();

    for (int tick = 0; tick < 100; tick++) {
      pass(TICK);
    }
    assertThat(request.expired).isTrue();
  }

  @Test
  void aSweepOfALoopThatWasHeldUpLetsItReadFirstWhatCameMeanwhile() {
    Request answered = new Request(Duration.ofMillis(300));
    Request silent = new Request(Duration.ofMillis(300));
    pass(Duration.ofMillis(900));
    assertThat(answered.expired).isFalse();
    sweep.letGo(answered); // its answer has now been read

    pass(TICK);

    assertThat(answered.expired).isFalse();
    assertThat(silent.expired).isTrue();
  }

  @Test
  void aLoopThatIsAlwaysHeldUpJudgesAtEverySecondSweep() {
    Request request = new Request(Duration.ofMillis(100));
    pass(Duration.ofMillis(900));
    pass(Duration.ofMillis(900));
    assertThat(request.expired).isTrue();
  }

  /** Advances both clocks, and fires the timer if it is due. */
  private void pass(Duration duration) {
    nanos += duration.toNanos();
    channel.advanceTimeBy(duration.toNanos(), TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }
}
