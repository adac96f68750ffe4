package io.sluice.frontier.politeness;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.LeaseId;
import io.sluice.frontier.TestConfig;
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

  private void visit(Host host, long now) {
    assertThat(schedule.due(now)).isSameAs(host);
    schedule.begin(schedule.take(), LEASE, now);
    host.urls--;
  }

  private HostSchedule<Host> schedule() {
    return new HostSchedule<>(new Terms(config.build(), String::hashCode, null), 0);
  }
}
