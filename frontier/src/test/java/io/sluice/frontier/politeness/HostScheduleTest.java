package io.sluice.frontier.politeness;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Visit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HostScheduleTest {

  private static final class Host extends HostClock {
    private int urls;

    Host(int urls) {
      this.urls = urls;
    }

    @Override
    protected boolean hasWork() {
      return urls > 0;
    }
  }

  private final HostSchedule<Host> schedule = new HostSchedule<>(1);

  @Test
  void aHostIsDueOnlyWhenItsPauseIsOver() {
    Host host = new Host(2);
    schedule.update(host, 100);
    visit(host, 100);
    schedule.holdOff(host, 150);
    schedule.end(host, 110);

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
    schedule.end(host, 1_000_000);
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
      schedule.end(one, round);
      visit(other, round);
      schedule.end(other, round);
    }
    assertThat(one.urls).isEqualTo(2);
    assertThat(other.urls).isEqualTo(2);
  }

  @Test
  void aSecondConnectionWaitsForThePauseThatTheFirstBegan() {
    HostSchedule<Host> two = new HostSchedule<>(2);
    Host host = new Host(3);
    two.update(host, 0);
    two.begin(two.take());
    two.update(host, 0);
    two.holdOff(host, 50);
    two.end(host, 10);

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
  void thePauseIsTheLongestOfWhatIsAskedFor() {
    Duration one = Duration.ofSeconds(1);
    Duration two = Duration.ofSeconds(2);
    Duration three = Duration.ofSeconds(3);
    assertThat(DelayPolicy.pause(one, two, Visit.UNREQUESTED)).isEqualTo(two);
    assertThat(DelayPolicy.pause(two, one, new Visit(null, null, true))).isEqualTo(two);
    assertThat(DelayPolicy.pause(one, two, new Visit(two, three, true))).isEqualTo(three);
  }

  private void visit(Host host, long now) {
    assertThat(schedule.due(now)).isSameAs(host);
    schedule.begin(schedule.take());
    host.urls--;
  }
}
