package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.PolitenessSettings.Pace;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.RecordingDesk.End;
import io.sluice.fetcher.testing.TestSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing is sent to an address without the desk's permission. */
final class FetcherAddressTest {
  private static final End GIVEN_BACK = new End.Settled(new Settlement.GiveBack());
  private static final End PAGE = new End.Outstanding(1);

  private final TestSettings settings = new TestSettings();
  private final ResourceLedger ledger = new ResourceLedger();
  private final RecordingDesk desk = new RecordingDesk();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean free = true;

  private final AddressDesk addresses =
      (lease, address) -> {
        asked.add(lease + " " + address.getHostAddress());
        return free;
      };

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  private Fetcher open() {
    return Fetcher.open(
        settings.config(),
        desk,
        addresses,
        HostDesk.UNLIMITED,
        desk,
        ledger,
        new SimpleMeterRegistry());
  }

  private End visit(Fetcher fetcher, Lease lease) throws Exception {
    fetcher.take(lease);
    return desk.endOf(lease);
  }

  @Test
  void anAddressThatIsNotFreeIsNotConnectedToAndTheLeaseGoesBack() throws Exception {
    free = false;
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "x"));
        Fetcher fetcher = open()) {
      Lease lease = desk.lease(server.url("/"));
      assertThat(visit(fetcher, lease)).isEqualTo(GIVEN_BACK);
      assertThat(desk.fate(lease).visit()).isEqualTo(Visit.UNREQUESTED);
      assertThat(asked).containsExactly(lease.id() + " 127.0.0.1");
      assertThat(server.requests()).isEmpty();
      free = true;
      assertThat(visit(fetcher, desk.lease(server.url("/")))).isEqualTo(PAGE);
    }
  }

  @Test
  void aConnectionThatIsKeptOpenIsNotUsedUnlessItsAddressIsFree() throws Exception {
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "x"));
        Fetcher fetcher = open()) {
      assertThat(visit(fetcher, desk.lease(server.url("/1")))).isEqualTo(PAGE);
      free = false;
      Lease second = desk.lease(server.url("/2"));
      assertThat(visit(fetcher, second)).isEqualTo(GIVEN_BACK);
      assertThat(asked).last().isEqualTo(second.id() + " 127.0.0.1");
      assertThat(server.requests()).hasSize(1);
      free = true;
      assertThat(visit(fetcher, desk.lease(server.url("/3")))).isEqualTo(PAGE);
    }
  }

  @Test
  void robotsTxtIsNotAskedForAtAnAddressThatIsNotFree() throws Exception {
    settings.obeyRobots = true;
    free = false;
    try (HostileServer server = HostileServer.answering(HostileServer.response(404, "no rules"));
        Fetcher fetcher = open()) {
      Lease lease = desk.lease(server.url("/"));
      assertThat(visit(fetcher, lease)).isEqualTo(GIVEN_BACK);
      assertThat(desk.fate(lease).visit()).isEqualTo(Visit.UNREQUESTED);
      assertThat(server.requests()).isEmpty();
      free = true;
      assertThat(visit(fetcher, desk.lease(server.url("/")))).isEqualTo(PAGE);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void theDelayOfTheAddressComesBetweenRobotsAndPage() throws Exception {
    settings.obeyRobots = true;
    settings.address = new Pace(Duration.ofMillis(1), 1);
    try (HostileServer server = HostileServer.answering(HostileServer.response(404, "no rules"));
        Fetcher fetcher = open()) {
      Lease lease = desk.lease(server.url("/"));
      assertThat(visit(fetcher, lease)).isEqualTo(GIVEN_BACK);
      assertThat(desk.fate(lease).visit()).isEqualTo(new Visit(null, null, true));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aHostThatFailsIsReportedAsTroubledAndOneThatWasNotAskedIsNot() throws Exception {
    try (HostileServer server = HostileServer.answering(HostileServer.response(503, "later"));
        Fetcher fetcher = open()) {
      Lease failing = desk.lease(server.url("/"));
      visit(fetcher, failing);
      assertThat(troubled(failing)).isTrue();
      Lease refusing = desk.lease("http://127.0.0.1:1/");
      visit(fetcher, refusing);
      assertThat(troubled(refusing)).isTrue();
      Lease forbidden = desk.lease("http://192.0.2.1/");
      visit(fetcher, forbidden);
      assertThat(troubled(forbidden)).isFalse();
    }
  }

  private boolean troubled(Lease lease) {
    return Objects.requireNonNull(desk.fate(lease).visit()).finding().troubled();
  }
}
