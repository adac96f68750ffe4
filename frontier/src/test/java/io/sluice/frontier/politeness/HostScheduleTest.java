package io.sluice.frontier.politeness;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.HostRule;
import io.sluice.core.config.PolitenessSettings.Pace;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.VisitKind;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.governor.Governor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostScheduleTest {

  private static final class Host extends HostClock {
    private final String name;
    private int urls;
    private VisitKind kind = VisitKind.PROVEN;

    Host(int urls) {
      this("a.test", urls);
    }

    Host(String name, int urls) {
      this.name = name;
      this.urls = urls;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    protected VisitKind visitKind() {
      return kind;
    }

    @Override
    protected int visitsAllowed(int connections) {
      return connections;
    }

    @Override
    protected boolean hasWork() {
      return urls > 0;
    }
  }

  private static final Set<VisitKind> EVERY_KIND = EnumSet.allOf(VisitKind.class);
  private static final LeaseId LEASE = new LeaseId(0, 1);

  private final TestConfig config = new TestConfig();
  private final HostSchedule<Host> schedule = schedule();

  @Test
  void aHostIsDueOnlyWhenItsPauseIsOver() {
    Host host = new Host(2);
    schedule.update(host, 100);
    visit(host, 100);
    schedule.end(host, LEASE, 40, 110);

    assertThat(schedule.due(149, EVERY_KIND)).isNull();
    assertThat(schedule.untilNext(149, EVERY_KIND)).isEqualTo(1);
    assertThat(schedule.due(150, EVERY_KIND)).isSameAs(host);
  }

  @Test
  void aHostInVisitIsNotDueUntilTheVisitEnds() {
    Host host = new Host(2);
    schedule.update(host, 0);
    visit(host, 0);
    assertThat(schedule.due(1_000_000, EVERY_KIND)).isNull();
    schedule.end(host, LEASE, -1, 1_000_000);
    assertThat(schedule.due(1_000_000, EVERY_KIND)).isSameAs(host);
  }

  @Test
  void hostsWithoutPauseTakeTurns() {
    Host one = new Host(5);
    Host other = new Host(5);
    schedule.update(one, 0);
    schedule.update(other, 0);
    for (int round = 1; round < 4; round++) {
      visit(one, round);
      schedule.end(one, LEASE, -1, round);
      visit(other, round);
      schedule.end(other, LEASE, -1, round);
    }
    assertThat(one.urls).isEqualTo(2);
    assertThat(other.urls).isEqualTo(2);
  }

  @Test
  void aSecondConnectionWaitsForThePauseThatTheFirstBegan() {
    config.connectionsPerHost = 2;
    HostSchedule<Host> two = schedule();
    Host host = new Host(3);
    two.update(host, 0);
    two.take(host);
    two.begin(host, LEASE, 0);
    two.update(host, 0);
    two.end(host, LEASE, 40, 10);

    assertThat(two.due(49, EVERY_KIND)).isNull();
    assertThat(two.due(50, EVERY_KIND)).isSameAs(host);
  }

  @Test
  void aHostWhoseWorkWentAwayLeavesTheSchedule() {
    Host host = new Host(1);
    schedule.update(host, 0);
    host.urls = 0;
    assertThat(schedule.due(0, EVERY_KIND)).isNull();
    assertThat(schedule.untilNext(0, EVERY_KIND)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aKindWithoutCreditKeepsNothingFromTheOthers() {
    Host first = new Host(1);
    first.kind = VisitKind.FIRST;
    Host proven = new Host(1);
    schedule.update(first, 0);
    schedule.update(proven, 5);
    Set<VisitKind> creditForProven = EnumSet.of(VisitKind.PROVEN);
    assertThat(schedule.due(4, creditForProven)).isNull();
    assertThat(schedule.untilNext(4, creditForProven)).isEqualTo(1);
    assertThat(schedule.due(5, creditForProven)).isSameAs(proven);
    assertThat(schedule.due(5, EVERY_KIND)).as("among all, by time").isSameAs(first);
    assertThat(schedule.due(5, EnumSet.of(VisitKind.TROUBLED))).isNull();
  }

  @Test
  void aHostWhoseStateChangesKeepsItsTurnAmongThoseOfItsNewKind() {
    Host proven = new Host(1);
    Host changed = new Host(1);
    changed.kind = VisitKind.FIRST;
    Host later = new Host(1);
    schedule.update(changed, 0);
    schedule.update(proven, 1);
    schedule.update(later, 2);
    changed.kind = VisitKind.PROVEN;
    schedule.stateChanged(changed);
    assertThat(schedule.due(2, EnumSet.of(VisitKind.FIRST))).isNull();
    for (Host next : List.of(changed, proven, later)) {
      assertThat(schedule.due(2, EnumSet.of(VisitKind.PROVEN))).isSameAs(next);
      schedule.take(next);
    }
  }

  @Test
  void hostsLeaveTheMidstOfTheScheduleAndTheOthersStayInOrder() {
    Random random = new Random(7);
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Host host = new Host(1);
      hosts.add(host);
      schedule.update(host, random.nextInt(500));
    }
    for (Host host : hosts) {
      if (random.nextBoolean()) {
        host.kind = random.nextBoolean() ? VisitKind.FIRST : VisitKind.TROUBLED;
        schedule.stateChanged(host);
      }
    }
    long before = 0;
    int taken = 0;
    for (Host host = schedule.due(500, EVERY_KIND);
        host != null;
        host = schedule.due(500, EVERY_KIND)) {
      assertThat(host.scheduledNanos()).isGreaterThanOrEqualTo(before);
      before = host.scheduledNanos();
      schedule.take(host);
      taken++;
    }
    assertThat(taken).isEqualTo(2000);
  }

  @Test
  void hostsOfADomainTakeTurnsAtItInTheOrderOfTheirComing() {
    config.domain = new Pace(Duration.ofNanos(100), 1);
    HostSchedule<Host> shared = schedule();
    Host first = new Host("a.shared.test", 2);
    Host second = new Host("b.shared.test", 2);
    Host third = new Host("c.shared.test", 1);
    Host stranger = new Host("a.other.test", 1);
    List.of(first, second, third, stranger).forEach(host -> shared.update(host, 0));
    assertThat(take(shared, 0)).isSameAs(first);
    assertThat(take(shared, 0)).isSameAs(stranger);
    assertThat(shared.due(0, EVERY_KIND)).isNull();
    assertThat(shared.untilNext(0, EVERY_KIND))
        .as("nobody polls a busy domain")
        .isEqualTo(Long.MAX_VALUE);
    shared.end(first, LEASE, 0, 10);
    assertThat(shared.due(109, EVERY_KIND)).isNull();
    assertThat(shared.untilNext(109, EVERY_KIND)).isEqualTo(1);
    assertThat(take(shared, 110)).isSameAs(second);
    assertThat(shared.due(110, EVERY_KIND)).isNull();
    shared.end(second, LEASE, 0, 120);
    assertThat(take(shared, 220)).isSameAs(third);
  }

  @Test
  void aVisitThatAskedNothingStartsNoDelayOfItsDomain() {
    config.domain = new Pace(Duration.ofNanos(100), 1);
    HostSchedule<Host> shared = schedule();
    Host first = new Host("a.shared.test", 1);
    Host second = new Host("b.shared.test", 1);
    List.of(first, second).forEach(host -> shared.update(host, 0));
    take(shared, 0);
    assertThat(shared.due(0, EVERY_KIND)).isNull();
    shared.end(first, LEASE, -1, 10);
    assertThat(take(shared, 10)).isSameAs(second);
  }

  @Test
  void aHostThatIsCalledAndDoesNotComeLetsTheNextPass() {
    config.domain = new Pace(Duration.ofNanos(100), 1);
    HostSchedule<Host> shared = schedule();
    Host first = new Host("a.shared.test", 1);
    Host second = new Host("b.shared.test", 1);
    Host third = new Host("c.shared.test", 1);
    List.of(first, second, third).forEach(host -> shared.update(host, 0));
    take(shared, 0);
    assertThat(shared.due(0, EVERY_KIND)).isNull();
    shared.end(first, LEASE, 0, 10);
    second.urls = 0;
    assertThat(take(shared, 110)).isSameAs(third);
  }

  @Test
  void aHostWhoseDomainPutsItOffKeepsItsTurn() {
    config.domain = new Pace(Duration.ofNanos(100), 2);
    HostSchedule<Host> shared = schedule();
    Host first = new Host("a.shared.test", 1);
    Host second = new Host("b.shared.test", 1);
    Host third = new Host("c.shared.test", 1);
    Host fourth = new Host("d.shared.test", 1);
    List.of(first, second, third, fourth).forEach(host -> shared.update(host, 0));
    take(shared, 0);
    take(shared, 0);
    assertThat(shared.due(0, EVERY_KIND)).isNull();
    shared.end(first, LEASE, 0, 10);
    shared.end(second, LEASE, 0, 20);
    assertThat(shared.due(110, EVERY_KIND)).as("the second visit put the third off").isNull();
    assertThat(take(shared, 120)).isSameAs(third);
    assertThat(take(shared, 120)).isSameAs(fourth);
  }

  @Test
  void whileCreditIsScarceAHostIsNotAheadOfOnesThatWaitForThePauseItBegan() {
    config.domain = new Pace(Duration.ofNanos(100), 2);
    HostSchedule<Host> shared = schedule();
    Host first = new Host("a.shared.test", 2);
    Host second = new Host("b.shared.test", 1);
    Host stranger = new Host("a.other.test", 1);
    List.of(first, second).forEach(host -> shared.update(host, 0));
    shared.update(stranger, 5);
    take(shared, 0);
    shared.end(first, LEASE, 0, 10);
    assertThat(take(shared, 20)).as("takes the only credit").isSameAs(stranger);
    assertThat(take(shared, 150)).isSameAs(second);
  }

  @Test
  void aVisitThatWasPutOffKeepsItsPlaceAtTheAddressIfItsHostCanUseIt() {
    assertThat(placesTakenAfterAVisitThatWasPutOff(1, 200)).isEqualTo(1);
    assertThat(placesTakenAfterAVisitThatWasPutOff(0, 200)).as("its work is gone").isZero();
    assertThat(placesTakenAfterAVisitThatWasPutOff(1, 201)).as("its own pause is longer").isZero();
  }

  private int placesTakenAfterAVisitThatWasPutOff(int urlsLeft, long leftAloneUntil) {
    long[] now = {0};
    InetAddress address = InetAddress.ofLiteral("192.0.2.1");
    config.address = new Pace(Duration.ofNanos(100), 2);
    Governor governor = new Governor(config.address, 1, 0, () -> now[0], _ -> {});
    HostSchedule<Host> shared =
        new HostSchedule<>(new Terms(config.build(), String::hashCode, governor), 0);
    Host host = new Host(2);
    shared.update(host, 0);
    take(shared, 0);
    governor.admit(LEASE, address);
    shared.end(host, LEASE, 0, 0);

    now[0] = 100;
    LeaseId other = new LeaseId(0, 2);
    governor.begin(other, 0);
    governor.admit(other, address);
    take(shared, 100);
    governor.end(other);
    assertThat(governor.admit(LEASE, address)).as("the other visit put it off").isFalse();
    host.urls = urlsLeft;
    shared.leaveAlone(host, leftAloneUntil);
    shared.end(host, LEASE, -1, 100);

    now[0] = 200;
    int taken = 2;
    for (LeaseId guest : List.of(new LeaseId(0, 3), new LeaseId(0, 4))) {
      governor.begin(guest, 0);
      taken -= governor.admit(guest, address) ? 1 : 0;
    }
    return taken;
  }

  @Test
  void afterARestartAHostAndItsDomainWaitOneDelayEach() {
    config.domain = new Pace(Duration.ofNanos(100), 1);
    HostSchedule<Host> shared = schedule();
    Host known = new Host("a.shared.test", 1);
    shared.recovered(0);
    shared.recover(known, 200, 0);
    Host found = new Host("b.shared.test", 1);
    shared.update(found, 0);
    assertThat(shared.due(99, EVERY_KIND)).isNull();
    assertThat(take(shared, 100)).isSameAs(found);
    shared.end(found, LEASE, -1, 100);
    assertThat(shared.due(199, EVERY_KIND)).isNull();
    assertThat(take(shared, 200)).isSameAs(known);
  }

  @Test
  void aHostsOwnRuleCountsBeforeTheSettingsOfTheCrawl() {
    config.hosts = List.of(new HostRule("*.a.test", Duration.ZERO, 2, null, null, null));
    HostSchedule<Host> ruled = schedule();
    Host two = new Host("x.a.test", 3);
    Host one = new Host("b.test", 3);
    for (Host host : List.of(two, two, one)) {
      ruled.update(host, 0);
      assertThat(take(ruled, 0)).isSameAs(host);
    }
    ruled.update(two, 0);
    ruled.update(one, 0);
    assertThat(ruled.due(0, EVERY_KIND)).isNull();
  }

  private static Host take(HostSchedule<Host> schedule, long now) {
    Host due = Objects.requireNonNull(schedule.due(now, EVERY_KIND), "nobody is due");
    schedule.take(due);
    schedule.begin(due, LEASE, now);
    due.urls--;
    return due;
  }

  private void visit(Host host, long now) {
    assertThat(schedule.due(now, EVERY_KIND)).isSameAs(host);
    schedule.take(host);
    schedule.begin(host, LEASE, now);
    host.urls--;
  }

  private HostSchedule<Host> schedule() {
    return new HostSchedule<>(
        new Terms(config.build(), host -> host.substring(2).hashCode(), null), 0);
  }
}
