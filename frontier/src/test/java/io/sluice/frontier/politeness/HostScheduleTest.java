package io.sluice.frontier.politeness;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.HostRule;
import io.sluice.core.config.HostSettings;
import io.sluice.core.config.PolitenessSettings.Pace;
import io.sluice.core.lease.LeaseId;
import io.sluice.frontier.TestConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HostScheduleTest {

  private static final class Host extends HostClock {
    private final String name;
    private int urls;

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
    protected boolean hasWork() {
      return urls > 0;
    }
  }

  private static final LeaseId LEASE = new LeaseId(0, 1);

  private final TestConfig config = new TestConfig();
  private final HostSchedule<Host> schedule = schedule();

  @Test
  void aHostIsDueOnlyWhenItsPauseIsOver() {
    Host host = new Host(2);
    schedule.update(host, 100);
    visit(host, 100);
    schedule.end(host, LEASE, 40, 110);

    assertThat(schedule.due(149)).isNull();
    assertThat(schedule.untilNext(149)).isEqualTo(1);
    assertThat(schedule.due(150)).isSameAs(host);
  }

  @Test
  void aHostInVisitIsNotDueUntilTheVisitEnds() {
    Host host = new Host(2);
    schedule.update(host, 0);
    visit(host, 0);
    assertThat(schedule.due(1_000_000)).isNull();
    schedule.end(host, LEASE, -1, 1_000_000);
    assertThat(schedule.due(1_000_000)).isSameAs(host);
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
    two.begin(two.take(), LEASE, 0);
    two.update(host, 0);
    two.end(host, LEASE, 40, 10);

    assertThat(two.due(49)).isNull();
    assertThat(two.due(50)).isSameAs(host);
  }

  @Test
  void aHostWhoseWorkWentAwayLeavesTheSchedule() {
    Host host = new Host(1);
    schedule.update(host, 0);
    host.urls = 0;
    assertThat(schedule.due(0)).isNull();
    assertThat(schedule.untilNext(0)).isEqualTo(Long.MAX_VALUE);
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
    assertThat(shared.due(0)).isNull();
    assertThat(shared.untilNext(0)).as("nobody polls a busy domain").isEqualTo(Long.MAX_VALUE);
    shared.end(first, LEASE, 0, 10);
    assertThat(shared.due(109)).isNull();
    assertThat(shared.untilNext(109)).isEqualTo(1);
    assertThat(take(shared, 110)).isSameAs(second);
    assertThat(shared.due(110)).isNull();
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
    assertThat(shared.due(0)).isNull();
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
    assertThat(shared.due(0)).isNull();
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
    assertThat(shared.due(0)).isNull();
    shared.end(first, LEASE, 0, 10);
    shared.end(second, LEASE, 0, 20);
    assertThat(shared.due(110)).as("the second visit put the third off").isNull();
    assertThat(take(shared, 120)).isSameAs(third);
    assertThat(take(shared, 120)).isSameAs(fourth);
  }

  @Test
  void afterARestartAHostAndItsDomainWaitOneDelayEach() {
    config.domain = new Pace(Duration.ofNanos(100), 1);
    HostSchedule<Host> shared = schedule();
    Host known = new Host("a.shared.test", 1);
    shared.recover(known, 200, 0);
    Host found = new Host("b.shared.test", 1);
    shared.update(found, 0);
    assertThat(shared.due(99)).isNull();
    assertThat(take(shared, 100)).isSameAs(found);
    shared.end(found, LEASE, -1, 100);
    assertThat(shared.due(199)).isNull();
    assertThat(take(shared, 200)).isSameAs(known);
  }

  @Test
  void aHostsOwnRuleCountsBeforeTheSettingsOfTheCrawl() {
    config.hosts =
        List.of(new HostRule("*.a.test", new HostSettings(Duration.ZERO, 2, 0, 9, null)));
    HostSchedule<Host> ruled = schedule();
    Host two = new Host("x.a.test", 3);
    Host one = new Host("b.test", 3);
    for (Host host : List.of(two, two, one)) {
      ruled.update(host, 0);
      assertThat(take(ruled, 0)).isSameAs(host);
    }
    ruled.update(two, 0);
    ruled.update(one, 0);
    assertThat(ruled.due(0)).isNull();
  }

  private static Host take(HostSchedule<Host> schedule, long now) {
    Host due = Objects.requireNonNull(schedule.due(now), "nobody is due");
    schedule.begin(schedule.take(), LEASE, now);
    due.urls--;
    return due;
  }

  private void visit(Host host, long now) {
    assertThat(schedule.due(now)).isSameAs(host);
    schedule.begin(schedule.take(), LEASE, now);
    host.urls--;
  }

  private HostSchedule<Host> schedule() {
    return new HostSchedule<>(
        new Terms(config.build(), host -> host.substring(2).hashCode(), null), 0);
  }
}
