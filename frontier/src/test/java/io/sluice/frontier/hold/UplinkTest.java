package io.sluice.frontier.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Finding;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UplinkTest {

  private static final long SECOND = 1_000_000_000L;

  private long now = 5 * SECOND;
  private int wakes;
  private final Uplink uplink = new Uplink(Duration.ofMinutes(2), () -> now, () -> wakes++);

  @Test
  void whereNothingEverAnsweredThereIsNoOutage() {
    for (int domain = 0; domain < 100; domain++) {
      assertThat(hear(Finding.NO_CONNECTION, domain, false)).isFalse();
      assertThat(hear(Finding.NO_ROUTE, domain, false)).isFalse();
      assertThat(hear(Finding.DNS_SILENCE, domain, false)).isFalse();
    }
  }

  @Test
  void fiveDomainsThatFailWithNoSuccessBetweenThemAreAnOutage() {
    hear(Finding.GOOD, 0, true);
    for (int domain = 1; domain < 5; domain++) {
      assertThat(hear(Finding.NO_CONNECTION, domain, true)).isFalse();
    }
    assertThat(hear(Finding.NO_CONNECTION, 5, true)).isTrue();
    assertThat(uplink.down()).isTrue();
  }

  @Test
  void aSuccessBetweenFailuresKeepsThemApart() {
    hear(Finding.GOOD, 0, true);
    for (int domain = 0; domain < 100; domain++) {
      assertThat(hear(Finding.NO_CONNECTION, domain, true)).isFalse();
      hear(domain % 2 == 0 ? Finding.GOOD : Finding.CONNECTION_REFUSED, 1000, true);
    }
  }

  @Test
  void oneDeadDomainIsNotAnOutageHoweverOftenItFails() {
    hear(Finding.GOOD, 0, true);
    for (int probe = 0; probe < 100; probe++) {
      assertThat(uplink.heard(Finding.NO_CONNECTION, 1, true, probe == 0)).isFalse();
    }
  }

  @Test
  void hostsThatWereNeverWellAreNotAnOutageByThemselves() {
    hear(Finding.GOOD, 0, true);
    for (int domain = 0; domain < 100; domain++) {
      assertThat(hear(Finding.NO_CONNECTION, domain, false)).isFalse();
      assertThat(hear(Finding.DNS_SILENCE, domain, false)).isFalse();
    }
  }

  @Test
  void serversThatAreSilentOnceConnectedAreNoOutageUnlessOneThatWasWellCannotBeConnectedTo() {
    hear(Finding.GOOD, 0, true);
    for (int domain = 0; domain < 100; domain++) {
      assertThat(hear(Finding.NO_ANSWER, domain, true)).isFalse();
    }
    assertThat(uplink.heard(Finding.NO_CONNECTION, 1, true, false)).isTrue();
  }

  @Test
  void noRouteToAHostThatWasWellIsAnOutageAtOnce() {
    hear(Finding.GOOD, 0, true);
    assertThat(hear(Finding.NO_ROUTE, 1, false)).as("an address of another family").isFalse();
    assertThat(hear(Finding.NO_ROUTE, 0, true)).isTrue();
  }

  @Test
  void oneSiteWithoutARouteHoldsTheCrawlOnceUntilItIsReached() {
    hear(Finding.GOOD, 0, true);
    assertThat(hear(Finding.NO_ROUTE, 7, true)).isTrue();
    assertThat(hear(Finding.GOOD, 0, true)).as("another site is reached").isFalse();
    assertThat(hear(Finding.NO_ROUTE, 7, true)).as("it is the site's own loss").isFalse();
    assertThat(hear(Finding.GOOD, 7, true)).isFalse();
    assertThat(hear(Finding.NO_ROUTE, 7, true)).as("it had recovered").isTrue();
  }

  @Test
  void aCrawlWhoseOnlySiteHasNoRouteIsNotHeldWithoutEnd() {
    hear(Finding.GOOD, 0, true);
    assertThat(hear(Finding.NO_ROUTE, 0, true)).isTrue();
    now += Duration.ofMinutes(2).toNanos();
    assertThat(uplink.down()).isFalse();
    assertThat(hear(Finding.NO_ROUTE, 0, true)).as("the host is in trouble").isFalse();
  }

  @Test
  void twoSitesWithoutARouteAreAnOutageForAsLongAsItLasts() {
    hear(Finding.GOOD, 0, true);
    hear(Finding.NO_ROUTE, 0, true);
    hear(Finding.NO_ROUTE, 1, true);
    now += Duration.ofHours(1).toNanos();
    assertThat(uplink.down()).isTrue();
  }

  @Test
  void nameServersThatAreSilentTwiceInARowAreAnOutage() {
    hear(Finding.GOOD, 0, true);
    hear(Finding.DNS_SILENCE, 0, true);
    hear(Finding.DNS_TROUBLE, 0, true); // an answer of a name server, if not a good one
    assertThat(uplink.heard(Finding.DNS_SILENCE, 0, true, false)).isFalse();
    assertThat(uplink.heard(Finding.DNS_SILENCE, 0, true, false)).isTrue();
  }

  @Test
  void oneLeaseAtATimeIsAProbeUntilOneReachesItsHost() {
    outage();
    assertThat(uplink.takeProbe()).as("at once").isFalse();
    now += SECOND;
    assertThat(uplink.takeProbe()).isTrue();
    assertThat(uplink.takeProbe()).isFalse();
    assertThat(uplink.untilProbe()).isEqualTo(2 * SECOND);
    for (int i = 0; i < 10; i++) {
      now += uplink.untilProbe();
      assertThat(uplink.takeProbe()).isTrue();
    }
    assertThat(uplink.untilProbe()).isEqualTo(15 * SECOND);
    assertThat(wakes).isZero();
    assertThat(hear(Finding.GOOD, 3, true)).isFalse();
    assertThat(uplink.down()).isFalse();
    assertThat(wakes).isEqualTo(1);
    assertThat(uplink.outages()).isEqualTo(1);
    assertThat(uplink.held()).isGreaterThan(Duration.ofMinutes(1));
  }

  @Test
  void anOutageThatIsCertainLastsAsLongAsItLasts() {
    outage();
    now += 86_400 * SECOND;
    assertThat(uplink.down()).isTrue();
  }

  @Test
  void anOutageThatDeadHostsMayFeignEndsAndIsNotBelievedTwice() {
    hear(Finding.GOOD, 0, true);
    hear(Finding.NO_CONNECTION, 0, true);
    for (int domain = 1; domain < 5; domain++) {
      hear(Finding.NO_CONNECTION, domain, false);
    }
    assertThat(uplink.down()).isTrue();
    now += 120 * SECOND;
    assertThat(uplink.down()).isFalse();
    assertThat(wakes).isEqualTo(1);
    assertThat(uplink.outages()).as("nothing to be undone").isZero();
    for (int domain = 10; domain < 30; domain++) {
      assertThat(hear(Finding.NO_CONNECTION, domain, domain == 10)).isFalse();
    }
    hear(Finding.GOOD, 0, true);
    assertThat(hear(Finding.NO_ROUTE, 0, true)).as("believed again after a success").isTrue();
  }

  @Test
  void anOutageBeganWithItsFirstFailure() {
    hear(Finding.GOOD, 0, true);
    hear(Finding.NO_CONNECTION, 1, true);
    now += 7 * SECOND;
    for (int domain = 2; domain <= 5; domain++) {
      hear(Finding.NO_CONNECTION, domain, true);
    }
    assertThat(uplink.down()).isTrue();
    assertThat(uplink.noticedAfterNanos()).isEqualTo(7 * SECOND);
  }

  private void outage() {
    hear(Finding.GOOD, 0, true);
    for (int domain = 1; domain <= 5; domain++) {
      hear(Finding.NO_CONNECTION, domain, true);
    }
    assertThat(uplink.down()).isTrue();
  }

  private boolean hear(Finding finding, long domain, boolean proven) {
    return uplink.heard(finding, domain, proven, true);
  }
}
