package io.sluice.frontier.governor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.PolitenessSettings.Pace;
import io.sluice.core.lease.LeaseId;
import io.sluice.frontier.governor.Governor.Call;
import io.sluice.frontier.governor.Governor.Over;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GovernorTest {

  private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.2");
  private static final long KEY = AddressKey.of(ONE);

  private final List<Integer> woken = new ArrayList<>();
  private long now;
  private long sequence;

  @Test
  void anAddressThatIsVisitedIsNotAdmittedUntilItsDelayIsOver() {
    Governor governor = governor(100, 1);
    LeaseId first = begin(governor);
    assertThat(governor.admit(first, ONE)).isTrue();
    assertThat(governor.admit(begin(governor), ONE)).isFalse();
    assertThat(governor.admit(begin(governor), OTHER)).isTrue();
    now = 50;
    assertThat(governor.end(first).address()).isEqualTo(KEY);
    now = 149;
    assertThat(governor.admit(begin(governor), ONE)).isFalse();
    now = 150;
    assertThat(governor.admit(begin(governor), ONE)).isTrue();
  }

  @Test
  void aVisitMayAskItsAddressAgainAndAHostLearnsWhichAddressItMustWaitFor() {
    Governor governor = governor(100, 1);
    LeaseId first = begin(governor);
    assertThat(governor.admit(first, ONE)).isTrue();
    assertThat(governor.admit(first, ONE)).isTrue();
    LeaseId second = begin(governor);
    assertThat(governor.admit(second, ONE)).isFalse();
    assertThat(governor.end(second)).isEqualTo(new Over(KEY, false));
    assertThat(governor.end(begin(governor)).address()).as("nothing was learnt").isZero();
    assertThat(governor.end(second).address()).as("it was over").isZero();
  }

  @Test
  void aHostWithTwoAddressesTakesTheOneThatIsFree() {
    Governor governor = governor(100, 1);
    governor.admit(begin(governor), ONE);
    LeaseId lease = begin(governor);
    assertThat(governor.admit(lease, ONE)).isFalse();
    assertThat(governor.admit(lease, OTHER)).isTrue();
    assertThat(governor.end(lease).address()).isEqualTo(AddressKey.of(OTHER));
  }

  @Test
  void whoWaitsIsCalledInTurnWhateverItsShardAndToldFromWhen() {
    Governor governor = governor(100, 1);
    LeaseId first = begin(governor);
    governor.admit(first, ONE);
    assertThat(governor.ask(2, KEY)).isEqualTo(new Place.Queued());
    assertThat(governor.ask(0, KEY)).isEqualTo(new Place.Queued());
    now = 10;
    governor.end(first);
    assertThat(woken).containsExactly(2);
    assertThat(governor.takeCalls(0)).isEmpty();
    assertThat(governor.takeCalls(2)).containsExactly(new Call(KEY, 110));
    assertThat(governor.takeCalls(2)).isEmpty();
    governor.giveUp(KEY);
    assertThat(woken).containsExactly(2, 0);
    assertThat(governor.takeCalls(0)).containsExactly(new Call(KEY, 110));
  }

  @Test
  void nobodyOvertakesWhoWaits() {
    Governor governor = governor(0, 1);
    LeaseId first = begin(governor);
    governor.admit(first, ONE);
    governor.ask(1, KEY);
    governor.end(first);
    assertThat(governor.admit(begin(governor), ONE)).as("it is kept for shard 1").isFalse();
    assertThat(governor.ask(3, KEY)).isEqualTo(new Place.Queued());
  }

  @Test
  void aVisitThatEndsBesideOneNotYetBegunPutsThatOff() {
    Governor governor = governor(100, 2);
    LeaseId first = begin(governor);
    governor.admit(first, ONE);
    assertThat(governor.ask(0, KEY)).isEqualTo(new Place.Yours(0));
    LeaseId second = new LeaseId(0, ++sequence);
    governor.begin(second, KEY);
    now = 10;
    governor.end(first);
    assertThat(governor.fromNanos(KEY)).isEqualTo(110);
    assertThat(governor.admit(second, ONE)).isFalse();
    now = 110;
    assertThat(governor.admit(second, ONE)).isTrue();
  }

  @Test
  void aVisitThatWasPutOffKeepsItsPlaceBeforeThoseInTheQueue() {
    Governor governor = governor(100, 2);
    LeaseId first = begin(governor);
    governor.admit(first, ONE);
    governor.ask(0, KEY);
    LeaseId putOff = new LeaseId(0, ++sequence);
    governor.begin(putOff, KEY);
    governor.ask(1, KEY);
    governor.ask(2, KEY);
    governor.end(first);
    assertThat(governor.admit(putOff, ONE)).isFalse();
    assertThat(governor.end(putOff)).isEqualTo(new Over(KEY, true));
    assertThat(governor.takeCalls(1)).as("the place of the first").hasSize(1);
    assertThat(governor.takeCalls(2)).as("no other place is free").isEmpty();
    governor.giveUp(KEY);
    assertThat(governor.takeCalls(2)).hasSize(1);
  }

  @Test
  void addressesAreForgottenWhenTheirDelayIsOver() {
    Governor governor = governor(100, 1);
    for (int i = 0; i < 1000; i++) {
      LeaseId lease = begin(governor);
      assertThat(governor.admit(lease, address(i))).isTrue();
      governor.end(lease);
      now += 10;
      assertThat(governor.addresses()).isLessThanOrEqualTo(11);
    }
  }

  @Test
  void anAddressThatWasKeptAndNotAskedStartsNoDelay() {
    Governor governor = governor(100, 1);
    governor.ask(0, KEY);
    LeaseId lease = new LeaseId(0, ++sequence);
    governor.begin(lease, KEY);
    governor.end(lease);
    assertThat(governor.addresses()).isZero();
    assertThat(governor.admit(begin(governor), ONE)).isTrue();
  }

  @Test
  void whenThereIsNoRoomForAnotherAddressItIsNotFreeAndAskedForLater() {
    Governor governor = governor(1000, 1);
    for (int i = 0; i < Governor.MAX_ADDRESSES; i++) {
      LeaseId lease = begin(governor);
      assertThat(governor.admit(lease, address(i))).isTrue();
      governor.end(lease);
    }
    assertThat(governor.admit(begin(governor), ONE)).isFalse();
    assertThat(governor.ask(0, KEY)).isEqualTo(new Place.AskAgain(1_000_000_000));
    now = 1000;
    assertThat(governor.admit(begin(governor), ONE)).isTrue();
    assertThat(governor.addresses()).isEqualTo(1);
  }

  @Test
  void afterARestartEveryAddressWaitsOneDelay() {
    Governor governor =
        new Governor(new Pace(Duration.ofNanos(100), 1), 4, 100, () -> now, woken::add);
    assertThat(governor.admit(begin(governor), ONE)).isFalse();
    now = 99;
    assertThat(governor.admit(begin(governor), OTHER)).isFalse();
    now = 100;
    assertThat(governor.admit(begin(governor), ONE)).isTrue();
  }

  @Test
  void aNetworkOfIpv6IsOneAddressAndNoneIsTakenForAnIpv4Address() {
    long network = AddressKey.of(InetAddress.ofLiteral("2001:db8:0:1::1"));
    assertThat(AddressKey.of(InetAddress.ofLiteral("2001:db8:0:1:ffff::2"))).isEqualTo(network);
    assertThat(AddressKey.of(InetAddress.ofLiteral("2001:db8:0:2::1"))).isNotEqualTo(network);
    assertThat(AddressKey.of(InetAddress.ofLiteral("::1"))).isNotEqualTo(AddressKey.NONE);
    assertThat(AddressKey.of(InetAddress.ofLiteral("0.0.0.0"))).isNotEqualTo(AddressKey.NONE);
  }

  private Governor governor(long delayNanos, int connections) {
    return new Governor(
        new Pace(Duration.ofNanos(delayNanos), connections), 4, now, () -> now, woken::add);
  }

  private LeaseId begin(Governor governor) {
    LeaseId lease = new LeaseId(0, ++sequence);
    governor.begin(lease, AddressKey.NONE);
    return lease;
  }

  private static InetAddress address(int number) {
    return InetAddress.ofLiteral(
        "10.%d.%d.%d".formatted(number >> 16, number >> 8 & 0xFF, number & 0xFF));
  }
}
