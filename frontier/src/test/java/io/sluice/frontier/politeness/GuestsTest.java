package io.sluice.frontier.politeness;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.PolitenessSettings.Pace;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.VisitKind;
import io.sluice.frontier.TestConfig;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GuestsTest {

  private static final long SECOND = 1_000_000_000L;
  private static final long DOMAIN = 42;
  private static final Set<VisitKind> EVERY_KIND = EnumSet.allOf(VisitKind.class);

  private static final class Host extends HostClock {
    private int urls;

    Host(int urls) {
      this.urls = urls;
    }

    @Override
    public String name() {
      return "hub.test";
    }

    @Override
    protected VisitKind visitKind() {
      return VisitKind.PROVEN;
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

  private final TestConfig config = new TestConfig();
  private long guests;

  GuestsTest() {
    config.delay = Duration.ofSeconds(1);
  }

  private HostSchedule<Host> schedule() {
    return new HostSchedule<>(new Terms(config.build(), _ -> DOMAIN, null), 0);
  }

  @Test
  void afterARestartAHostOfWhichNothingIsKnownWaitsForOneDelay() {
    HostSchedule<Host> schedule = schedule();
    schedule.recovered(0);
    Host host = new Host(1);
    schedule.update(host, 5);
    assertThat(schedule.due(SECOND - 1, EVERY_KIND)).isNull();
    assertThat(schedule.due(SECOND, EVERY_KIND)).isSameAs(host);

    HostSchedule<Host> withoutHosts = schedule();
    withoutHosts.recovered(0);
    assertThat(withoutHosts.guests().begin(lease(1), "hub.test", null, null, 5)).isPositive();
    assertThat(withoutHosts.guests().begin(lease(1), "hub.test", null, null, SECOND)).isZero();
  }

  private static LeaseId lease(long number) {
    return new LeaseId(9, number);
  }

  /** The answer to the next guest of a host. */
  private long ask(HostSchedule<Host> schedule, Host host, long now) {
    return schedule.guests().begin(lease(++guests), host.name(), host, null, now);
  }

  private void leave(HostSchedule<Host> schedule, long now) {
    schedule.guests().end(lease(guests), SECOND, now);
  }

  @Test
  void aGuestWaitsForTheHostsDelayAndTheHostForTheGuests() {
    HostSchedule<Host> schedule = schedule();
    Host host = new Host(2);
    schedule.update(host, 0);
    assertThat(ask(schedule, host, 0)).isZero();
    assertThat(schedule.due(5, EVERY_KIND)).as("one connection, and a guest has it").isNull();
    leave(schedule, 10);
    schedule.update(host, 10);
    assertThat(schedule.due(SECOND + 9, EVERY_KIND)).isNull();
    assertThat(schedule.due(SECOND + 10, EVERY_KIND)).isSameAs(host);
  }

  @Test
  void guestsThatComeTooEarlyAreToldToComeOneAfterTheOther() {
    HostSchedule<Host> schedule = schedule();
    Host hub = new Host(0);
    assertThat(ask(schedule, hub, 0)).isZero();
    leave(schedule, 0);
    for (int guest = 1; guest < 60; guest++) {
      assertThat(ask(schedule, hub, 0)).isEqualTo(guest * SECOND);
    }
    assertThat(ask(schedule, hub, SECOND)).as("the first of them").isZero();
  }

  @Test
  void aHostsOwnUrlsAndItsGuestsTakeTurns() {
    HostSchedule<Host> schedule = schedule();
    Host host = new Host(2);
    schedule.update(host, 0);
    assertThat(ask(schedule, host, 0)).isZero();
    leave(schedule, 0);
    assertThat(ask(schedule, host, SECOND)).as("the host's own come first").isPositive();
    assertThat(schedule.due(SECOND, EVERY_KIND)).isSameAs(host);
    visit(schedule, host, SECOND);
    assertThat(ask(schedule, host, SECOND + 1)).isEqualTo(SECOND - 1); // free then
    assertThat(schedule.due(2 * SECOND, EVERY_KIND)).as("a guest is awaited").isNull();
    assertThat(ask(schedule, host, 2 * SECOND)).isZero();
  }

  @Test
  void aGuestThatDoesNotComeIsNotAwaitedForLong() {
    HostSchedule<Host> schedule = schedule();
    Host host = new Host(2);
    schedule.update(host, 0);
    visit(schedule, host, 0);
    assertThat(ask(schedule, host, 0)).isEqualTo(SECOND);
    assertThat(schedule.due(SECOND, EVERY_KIND)).isNull();
    assertThat(schedule.due(SECOND + Guests.KEPT_NANOS, EVERY_KIND)).isSameAs(host);
  }

  private static void visit(HostSchedule<Host> schedule, Host host, long now) {
    assertThat(schedule.due(now, EVERY_KIND)).isSameAs(host);
    schedule.take(host);
    host.urls--;
    schedule.begin(host, lease(1000), now);
    schedule.end(host, lease(1000), SECOND, now);
  }

  @Test
  void aHostThatGuestsVisitedHasTheirDelayWhenItGetsUrls() {
    HostSchedule<Host> schedule = schedule();
    assertThat(schedule.guests().begin(lease(1), "hub.test", null, null, 0)).isZero();
    schedule.guests().end(lease(1), SECOND, 0);
    Host host = new Host(1);
    schedule.update(host, 1);
    assertThat(schedule.due(SECOND - 1, EVERY_KIND)).isNull();
    assertThat(schedule.due(SECOND, EVERY_KIND)).isSameAs(host);
  }

  @Test
  void aGuestGoesByTheClockOfTheDomainUnlessItsLeaseHasTheDomainAnyway() {
    config.domain = new Pace(Duration.ofSeconds(5), 1);
    HostSchedule<Host> schedule = schedule();
    Host own = new Host(1);
    schedule.update(own, 0);
    assertThat(schedule.due(0, EVERY_KIND)).isSameAs(own);
    schedule.take(own);
    schedule.begin(own, lease(1), 0);
    assertThat(schedule.guests().begin(lease(2), "www.hub.test", null, null, 0)).isPositive();
    assertThat(schedule.guests().begin(lease(1), "www.hub.test", null, own, 0)).isZero();

    schedule.guests().end(lease(1), SECOND, 10);
    schedule.end(own, lease(1), -1, 20);
    assertThat(schedule.due(5 * SECOND, EVERY_KIND)).as("its domain was asked, if not it").isNull();
    assertThat(schedule.due(5 * SECOND + 10, EVERY_KIND)).isSameAs(own);
  }
}
