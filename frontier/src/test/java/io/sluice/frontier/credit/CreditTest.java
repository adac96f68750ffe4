package io.sluice.frontier.credit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.VisitKind;
import io.sluice.core.lifecycle.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CreditTest {

  private final List<Integer> woken = new ArrayList<>();
  private final Credit credit = new Credit(new Credit.Limits(10, 10, 100, 0, 1), 2, woken::add);

  CreditTest() {
    credit.open();
  }

  @Test
  void aShardIsNotWokenBeforeThereIsRoomForWhatItAskedFor() {
    assertThat(take(0, 40)).isTrue();
    assertThat(take(0, 40)).isTrue();
    assertThat(take(0, 40)).isFalse();
    credit.wakeWaiting(0);
    credit.handed(40, 30);
    credit.wakeWaiting(0);
    assertThat(woken).isEmpty();
    credit.handed(40, 30);
    credit.wakeWaiting(0);
    credit.wakeWaiting(0);
    assertThat(woken).containsExactly(0);
    assertThat(take(0, 40)).isTrue();
  }

  @Test
  void aShardCanUseThePlacesThatOthersLeaveAndItsPartAtLeast() {
    assertThat(credit.placesOfAShard(0)).as("the others are idle").isEqualTo(10);
    for (int i = 0; i < 3; i++) {
      assertThat(take(1, 1)).isTrue();
    }
    assertThat(credit.placesOfAShard(0)).isEqualTo(7);
    assertThat(credit.placesOfAShard(1)).as("its own count").isEqualTo(10);
    for (int i = 0; i < 5; i++) {
      assertThat(take(1, 1)).isTrue();
    }
    assertThat(credit.placesOfAShard(0)).isEqualTo(5);
  }

  @Test
  void aShardThatWouldHaveToYieldAgainIsNotWoken() {
    for (int i = 0; i < 3; i++) {
      assertThat(take(0, 10)).isTrue();
    }
    assertThat(take(1, 10)).isTrue();
    assertThat(take(1, 90)).isFalse();
    assertThat(take(0, 10)).isFalse();
    credit.wakeWaiting(0);
    assertThat(woken).isEmpty();
    credit.release(0, VisitKind.PROVEN, 10, true);
    credit.release(0, VisitKind.PROVEN, 10, true);
    credit.wakeWaiting(0);
    assertThat(woken).containsExactly(0);
  }

  @Test
  void theOneThatOthersYieldToIsWokenFirstAndTheyAfterIt() {
    assertThat(take(0, 50)).isTrue();
    assertThat(take(0, 30)).isTrue();
    assertThat(take(1, 10)).isTrue();
    assertThat(take(1, 20)).isFalse();
    assertThat(take(0, 10)).isFalse();
    credit.handed(50, 10);
    credit.wakeWaiting(0);
    assertThat(woken).containsExactly(1);
    credit.wakeWaiting(0);
    assertThat(woken).containsExactly(1, 0);
  }

  @Test
  void aWaitForWhatIsOnItsWayEndsWithTheLastOrTheDeadlineOrASecondSignal() throws Exception {
    CompletableFuture<Void> insisted = new CompletableFuture<>();
    Deadline hour = Deadline.in(Duration.ofHours(1)).cutBy(insisted);
    assertThat(credit.awaitHanded(hour)).isZero();
    take(0, 10);
    Thread handing = Thread.ofVirtual().start(credit::notHanded);
    assertThat(credit.awaitHanded(hour)).isZero();
    handing.join();
    take(0, 10);
    assertThat(credit.awaitHanded(Deadline.in(Duration.ofMillis(5)))).isEqualTo(1);
    Thread user = Thread.ofVirtual().start(() -> insisted.complete(null));
    assertThat(credit.awaitHanded(hour)).isEqualTo(1);
    user.join();
  }

  @Test
  void hostsInTroubleHaveABoundOfTheirOwnThatNothingLifts() {
    Credit shared = places(16, 2);
    assertThat(takeAll(shared, VisitKind.TROUBLED, 0)).isEqualTo(2);
    assertThat(takeAll(shared, VisitKind.FIRST, 0)).isEqualTo(14);
  }

  @Test
  void firstVisitsHaveEveryPlaceThatWasNotWantedForOthersOfLate() {
    assertThat(takeAll(places(16, 2), VisitKind.FIRST, 0)).isEqualTo(16);
  }

  @Test
  void whatProvenHostsWantedOfLateIsLeftToThem() {
    Credit shared = places(16, 2);
    take(shared, VisitKind.PROVEN, 3, 0);
    end(shared, VisitKind.PROVEN, 3);
    assertThat(takeAll(shared, VisitKind.FIRST, 1)).isEqualTo(13);
    assertThat(takeAll(shared, VisitKind.PROVEN, 2)).isEqualTo(3);
  }

  @Test
  void aPlaceThatBecomesFreeGoesToTheProvenHostThatFoundNoneLeft() {
    Credit shared = places(16, 2);
    assertThat(takeAll(shared, VisitKind.FIRST, 0)).isEqualTo(16);
    assertThat(take(shared, VisitKind.PROVEN, 1, 1)).isZero();
    end(shared, VisitKind.FIRST, 1);
    assertThat(take(shared, VisitKind.FIRST, 1, 2)).isZero();
    assertThat(take(shared, VisitKind.PROVEN, 1, 3)).isEqualTo(1);
  }

  @Test
  void provenHostsNeverShutFirstVisitsOutNorThoseInTrouble() {
    Credit shared = places(16, 2);
    assertThat(takeAll(shared, VisitKind.PROVEN, 0)).isEqualTo(16);
    assertThat(take(shared, VisitKind.FIRST, 1, 1)).isZero();
    assertThat(take(shared, VisitKind.TROUBLED, 1, 1)).isZero();
    end(shared, VisitKind.PROVEN, 4);
    assertThat(take(shared, VisitKind.FIRST, 2, 2)).as("its eighth").isEqualTo(2);
    assertThat(takeAll(shared, VisitKind.TROUBLED, 2)).isEqualTo(2);
  }

  @Test
  void whatIsNotWantedAnyMoreIsForgotten() {
    Credit shared = places(16, 2);
    take(shared, VisitKind.PROVEN, 12, 0);
    end(shared, VisitKind.PROVEN, 12);
    assertThat(takeAll(shared, VisitKind.FIRST, 1)).isEqualTo(4);
    shared.wakeWaiting(Demand.WINDOW_NANOS);
    shared.wakeWaiting(2 * Demand.WINDOW_NANOS);
    assertThat(woken).containsExactly(0);
    assertThat(takeAll(shared, VisitKind.FIRST, 2 * Demand.WINDOW_NANOS)).isEqualTo(12);
  }

  @Test
  void aShardThatWaitsForOneKindIsNotYieldedToByAnother() {
    Credit shared = places(16, 2);
    takeAll(shared, VisitKind.FIRST, 0);
    end(shared, VisitKind.FIRST, 1);
    assertThat(shared.take(0, VisitKind.PROVEN, 0, 1)).isTrue();
    assertThat(shared.take(1, VisitKind.FIRST, 0, 1)).isFalse();
    end(shared, VisitKind.FIRST, 1);
    assertThat(shared.take(0, VisitKind.PROVEN, 0, 2)).isTrue();
  }

  @Test
  void evenOnePlaceServesEveryKindInItsTurn() {
    Credit one = places(1, 1);
    for (VisitKind kind : VisitKind.values()) {
      assertThat(one.take(0, kind, 0, 0)).isTrue();
      end(one, kind, 1);
    }
  }

  @Test
  void wherePagesAreScarcerThanConnectionsTheirPlacesAreSharedOut() {
    Credit scarce = opened(new Credit.Limits(100, 16, 100, 0, 2));
    take(scarce, VisitKind.PROVEN, 4, 0);
    assertThat(takeAll(scarce, VisitKind.FIRST, 1)).isEqualTo(12);
    scarce.visited(VisitKind.PROVEN);
    assertThat(scarce.take(0, VisitKind.PROVEN, 0, 2)).as("its page is with a parser").isFalse();
    scarce.release(0, VisitKind.PROVEN, 0, true);
    assertThat(scarce.take(0, VisitKind.FIRST, 0, 3)).isFalse();
    assertThat(scarce.take(0, VisitKind.PROVEN, 0, 3)).isTrue();
  }

  private Credit places(int places, int troubled) {
    return opened(new Credit.Limits(places, 1000, 1000, 0, troubled));
  }

  private Credit opened(Credit.Limits limits) {
    Credit opened = new Credit(limits, 2, woken::add);
    opened.open();
    return opened;
  }

  private static int takeAll(Credit from, VisitKind kind, long nowNanos) {
    return take(from, kind, Integer.MAX_VALUE, nowNanos);
  }

  private static int take(Credit from, VisitKind kind, int most, long nowNanos) {
    int taken = 0;
    while (taken < most && from.take(0, kind, 0, nowNanos)) {
      taken++;
    }
    return taken;
  }

  private static void end(Credit of, VisitKind kind, int visits) {
    for (int i = 0; i < visits; i++) {
      of.visited(kind);
      of.release(0, kind, 0, true);
    }
  }

  private boolean take(int shard, long bytes) {
    return credit.take(shard, VisitKind.PROVEN, bytes, 0);
  }
}
