package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Reason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Races in virtual time. */
class AddressRaceTest {

  private static final long BUDGET = 10_000;

  private final Track track = new Track();
  private final List<String> ends = new ArrayList<>();
  private @Nullable AddressRace race;

  @AfterEach
  void everyPlaceIsGivenBackAndOnlyTheWinnerIsOpen() {
    track.pass(2 * BUDGET);
    assertThat(ends).hasSize(1);
    assertThat(track.placesTaken).isZero();
    assertThat(track.open).hasSize(ends.getFirst().startsWith("won") ? 1 : 0);
  }

  @Test
  void theNextAddressIsTriedAfterADelayOrAtOnceWhenOneFails() {
    start(4);
    assertThat(track.begun).containsExactly("0@0");
    track.pass(249);
    assertThat(track.begun).hasSize(1);
    track.pass(1);
    assertThat(track.begun).containsExactly("0@0", "1@250");
    track.pass(100);
    fail(1, Reason.CONNECT_REFUSED);
    assertThat(track.begun).containsExactly("0@0", "1@250", "2@350");
    track.pass(250);
    assertThat(track.begun).containsExactly("0@0", "1@250", "2@350", "3@600");
    connect(2);
    assertThat(ends).containsExactly("won 2");
    assertThat(track.dead).containsExactly(1);
  }

  @Test
  void fortyNineSilentAddressesOfFiftyDoNotHideTheLast() {
    start(50);
    track.answers.add(49);
    track.pass(BUDGET / 2 + 100);
    assertThat(ends).containsExactly("won 49");
    assertThat(track.mostOpen).isLessThanOrEqualTo(AddressRace.MAX_OPEN);
    assertThat(track.clockMillis).isLessThan(BUDGET);
    assertThat(track.dead).contains(0, 20, 40).doesNotContain(49);
  }

  @Test
  void fortyNineRefusingAddressesOfFiftyTakeNoTime() {
    start(50);
    for (int i = 0; i < 49; i++) {
      fail(i, Reason.CONNECT_REFUSED);
    }
    assertThat(track.clockMillis).isZero();
    connect(49);
    assertThat(ends).containsExactly("won 49");
  }

  @Test
  void withoutAPlaceForAnotherAttemptTheOldestGivesItsUpOnceItHadItsShare() {
    track.places = 1;
    start(3);
    long share = BUDGET / 3;
    track.pass(share - 1);
    assertThat(track.begun).containsExactly("0@0", "1@250");
    track.pass(2);
    assertThat(track.begun).hasSize(3);
    assertThat(track.open).containsExactlyInAnyOrder(1, 2);
    assertThat(track.dead).as("it may only be slow").isEmpty();
    connect(1);
    assertThat(ends).containsExactly("won 1");
    assertThat(track.dead).as("another one answered, and it had not").containsExactly(0);
  }

  @Test
  void onlyTheAddressThatConnectsIsAskedForLeave() {
    start(3);
    track.pass(600);
    connect(1);
    assertThat(track.asked).containsExactly(1);
  }

  @Test
  void anAddressWithoutLeaveIsClosedAndTheRaceGoesOn() {
    track.leaveless.add(0);
    start(2);
    connect(0);
    assertThat(track.open).containsExactly(1);
    connect(1);
    assertThat(ends).containsExactly("won 1");
    assertThat(track.dead).isEmpty();
  }

  @Test
  void whereNoAddressThatConnectsHasLeaveTheHostIsBusyNotDead() {
    track.leaveless.add(0);
    start(2);
    connect(0);
    fail(1, Reason.CONNECT_REFUSED);
    assertThat(ends).containsExactly("busy");
  }

  @Test
  void theOnlyAddressIsAskedForLeaveBeforeItIsConnectedTo() {
    track.leaveless.add(0);
    start(1);
    assertThat(ends).containsExactly("busy");
    assertThat(track.begun).isEmpty();
  }

  @Test
  void allOfItEndsWithinTheBudget() {
    start(3);
    track.pass(BUDGET);
    assertThat(ends).containsExactly("lost CONNECT_TIMEOUT");
    assertThat(track.dead).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void noWayToAFamilySaysLessThanARefusal() {
    start(2);
    fail(0, Reason.NETWORK_UNREACHABLE);
    fail(1, Reason.CONNECT_REFUSED);
    assertThat(ends).containsExactly("lost CONNECT_REFUSED");
    assertThat(track.dead).containsExactly(1);
  }

  @Test
  void aShortageOfDescriptorsIsAnEndOnlyWhereNoAttemptIsOpen() {
    track.descriptors = 1;
    start(2);
    track.pass(300);
    assertThat(ends).isEmpty();
    connect(0);
    assertThat(ends).containsExactly("won 0");
  }

  @Test
  void withoutASingleDescriptorTheRaceSaysSo() {
    track.descriptors = 0;
    start(2);
    assertThat(ends).containsExactly("no descriptor");
  }

  @Test
  void anAbandonedRaceClosesItsAttempts() {
    start(3);
    track.pass(300);
    running().abandon();
    ends.add("abandoned");
  }

  private void start(int addresses) {
    List<InetAddress> all =
        IntStream.range(0, addresses).mapToObj(AddressRaceTest::address).toList();
    race = new AddressRace(all, BUDGET, track, track);
    race.start();
  }

  private AddressRace running() {
    return Objects.requireNonNull(race);
  }

  private void connect(int number) {
    running().connected(track.attempt(number));
  }

  private void fail(int number, Reason reason) {
    running().failed(track.attempt(number), reason);
  }

  private static InetAddress address(int number) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) number});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static int number(InetAddress address) {
    return address.getAddress()[3];
  }

  private record Timer(long atMillis, long order, Runnable what) {}

  /** A network on which attempts end only by timeout, or with the answers in {@link #answers}. */
  private final class Track implements AddressRace.Course, AddressRace.Finish {
    private final PriorityQueue<Timer> timers =
        new PriorityQueue<>(
            Comparator.comparingLong(Timer::atMillis).thenComparingLong(Timer::order));
    private final List<String> begun = new ArrayList<>();
    private final List<Integer> open = new ArrayList<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final Set<Integer> answers = new HashSet<>();
    private final Set<Integer> leaveless = new HashSet<>();
    private final List<Integer> asked = new ArrayList<>();
    private final List<Integer> dead = new ArrayList<>();
    private int places = 100;
    private int placesTaken;
    private int descriptors = 100;
    private int mostOpen;
    private long clockMillis;
    private long timersSet;

    private record Attempt(int number, Runnable closing) implements AddressRace.Attempt {
      @Override
      public void close() {
        closing.run();
      }
    }

    void pass(long millis) {
      long end = clockMillis + millis;
      for (Timer next = timers.peek();
          next != null && next.atMillis() <= end;
          next = timers.peek()) {
        timers.remove();
        clockMillis = next.atMillis();
        next.what().run();
      }
      clockMillis = end;
    }

    Attempt attempt(int number) {
      return attempts.stream().filter(each -> each.number() == number).findFirst().orElseThrow();
    }

    @Override
    public long nanoTime() {
      return TimeUnit.MILLISECONDS.toNanos(clockMillis);
    }

    @Override
    public AddressRace.@Nullable Attempt begin(InetAddress to, long millis) {
      if (open.size() == descriptors) {
        return null;
      }
      int number = number(to);
      begun.add(number + "@" + clockMillis);
      open.add(number);
      mostOpen = Math.max(mostOpen, open.size());
      Attempt attempt = new Attempt(number, () -> open.remove(Integer.valueOf(number)));
      attempts.add(attempt);
      if (answers.contains(number)) {
        later(20, () -> running().connected(attempt));
      }
      later(millis, () -> running().failed(attempt, Reason.CONNECT_TIMEOUT));
      return attempt;
    }

    @Override
    public boolean takePlace() {
      if (placesTaken == places) {
        return false;
      }
      placesTaken++;
      return true;
    }

    @Override
    public void givePlace() {
      placesTaken--;
      assertThat(placesTaken).isNotNegative();
    }

    @Override
    public boolean mayAsk(InetAddress address) {
      asked.add(number(address));
      return !leaveless.contains(number(address));
    }

    @Override
    public void later(long millis, Runnable what) {
      timers.add(new Timer(clockMillis + millis, timersSet++, what));
    }

    @Override
    public void isDead(InetAddress address) {
      dead.add(number(address));
    }

    @Override
    public void won(AddressRace.Attempt attempt, InetAddress address) {
      ends.add("won " + number(address));
    }

    @Override
    public void busy() {
      ends.add("busy");
    }

    @Override
    public void noDescriptor() {
      ends.add("no descriptor");
    }

    @Override
    public void lost(Reason reason) {
      ends.add("lost " + reason.name());
    }
  }
}
