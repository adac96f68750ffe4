package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lifecycle.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CreditTest {

  private final List<Integer> woken = new ArrayList<>();
  private final Credit credit = new Credit(new Credit.Limits(10, 10, 100, 0), 2, woken::add);

  CreditTest() {
    credit.open();
  }

  @Test
  void aShardIsNotWokenBeforeThereIsRoomForWhatItAskedFor() {
    assertThat(credit.take(0, 40)).isTrue();
    assertThat(credit.take(0, 40)).isTrue();
    assertThat(credit.take(0, 40)).isFalse();
    credit.wakeWaiting();
    credit.handed(40, 30);
    credit.wakeWaiting();
    assertThat(woken).isEmpty();
    credit.handed(40, 30);
    credit.wakeWaiting();
    credit.wakeWaiting();
    assertThat(woken).containsExactly(0);
    assertThat(credit.take(0, 40)).isTrue();
  }

  @Test
  void aShardThatWouldHaveToYieldAgainIsNotWoken() {
    for (int i = 0; i < 3; i++) {
      assertThat(credit.take(0, 10)).isTrue();
    }
    assertThat(credit.take(1, 10)).isTrue();
    assertThat(credit.take(1, 90)).isFalse();
    assertThat(credit.take(0, 10)).isFalse();
    credit.wakeWaiting();
    assertThat(woken).isEmpty();
    credit.release(0, 10, true);
    credit.release(0, 10, true);
    credit.wakeWaiting();
    assertThat(woken).containsExactly(0);
  }

  @Test
  void theOneThatOthersYieldToIsWokenFirstAndTheyAfterIt() {
    assertThat(credit.take(0, 50)).isTrue();
    assertThat(credit.take(0, 30)).isTrue();
    assertThat(credit.take(1, 10)).isTrue();
    assertThat(credit.take(1, 20)).isFalse();
    assertThat(credit.take(0, 10)).isFalse();
    credit.handed(50, 10);
    credit.wakeWaiting();
    assertThat(woken).containsExactly(1);
    credit.wakeWaiting();
    assertThat(woken).containsExactly(1, 0);
  }

  @Test
  void aWaitForWhatIsOnItsWayEndsWithTheLastOrTheDeadlineOrASecondSignal() throws Exception {
    CompletableFuture<Void> insisted = new CompletableFuture<>();
    Deadline hour = Deadline.in(Duration.ofHours(1)).cutBy(insisted);
    assertThat(credit.awaitHanded(hour)).isZero();
    credit.take(0, 10);
    Thread handing = Thread.ofVirtual().start(credit::notHanded);
    assertThat(credit.awaitHanded(hour)).isZero();
    handing.join();
    credit.take(0, 10);
    assertThat(credit.awaitHanded(Deadline.in(Duration.ofMillis(5)))).isEqualTo(1);
    Thread user = Thread.ofVirtual().start(() -> insisted.complete(null));
    assertThat(credit.awaitHanded(hour)).isEqualTo(1);
    user.join();
  }
}
