package io.sluice.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ParentWatchTest {

  private final StopRequest stop = new StopRequest();
  private final CountDownLatch lastResort = new CountDownLatch(1);

  @Test
  void aProcessWhoseParentDiesIsAskedToStopAndEndedTheHardWayAtTheBound() throws Exception {
    Pipe pipe = Pipe.open();
    ParentWatch watch =
        ParentWatch.start(pipe.source(), stop, Duration.ofMillis(100), lastResort::countDown);
    assertThat(stop.isAsked()).isFalse();
    pipe.sink().close();
    await().atMost(Duration.ofSeconds(10)).until(stop::isAsked);
    assertThat(stop.await()).isEqualTo(ParentWatch.PARENT_GONE);
    assertThat(lastResort.await(10, TimeUnit.SECONDS)).isTrue();
    watch.close();
  }

  @Test
  void ordersAreFollowedAndWhatIsNotAnOrderIsNot() throws Exception {
    Pipe pipe = Pipe.open();
    try (ParentWatch _ =
        ParentWatch.start(pipe.source(), stop, Duration.ZERO, lastResort::countDown)) {
      write(pipe, "nonsense\nstop\ndrain x y\n");
      write(pipe, "drain 1500 ");
      assertThat(stop.isAsked()).isFalse();
      write(pipe, "some reason\nstop 7 too-late\n");
      assertThat(stop.await()).isEqualTo("some reason");
      assertThat(stop.order())
          .contains(new Order.Stop("some reason", Duration.ofMillis(1500), true));
      assertThat(stop.forced().toCompletableFuture()).isNotDone();
      write(pipe, "now\n");
      assertThat(stop.forced().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
      assertThat(lastResort.getCount()).isEqualTo(1);
    }
    pipe.sink().close();
  }

  private static void write(Pipe pipe, String text) throws IOException {
    pipe.sink().write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theHardWayDoesNotWaitForWhoeverHearsOfTheStop() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    var _ = stop.asked().thenRun(() -> awaitQuietly(never));
    Pipe pipe = Pipe.open();
    ParentWatch watch =
        ParentWatch.start(pipe.source(), stop, Duration.ofMillis(10), lastResort::countDown);
    pipe.sink().close();
    assertThat(lastResort.await(10, TimeUnit.SECONDS)).isTrue();
    watch.close();
    never.countDown();
  }

  @Test
  void aWatchThatIsClosedReadsNoMoreAndAsksForNothing() throws Exception {
    Pipe pipe = Pipe.open();
    ParentWatch watch =
        ParentWatch.start(pipe.source(), stop, Duration.ZERO, lastResort::countDown);
    watch.close();
    await().until(() -> watching().isEmpty());
    pipe.sink().close();
    assertThat(stop.isAsked()).isFalse();
    assertThat(lastResort.getCount()).isEqualTo(1);
  }

  private static List<Thread> watching() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("parent-watch"))
        .toList();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
