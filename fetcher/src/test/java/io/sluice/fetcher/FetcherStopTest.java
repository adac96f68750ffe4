package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.Finding;
import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.LeaseSums.ForcedLease;
import io.sluice.core.lifecycle.Stage.Drained;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.handover.PagePublisher;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.RecordingDesk.End;
import io.sluice.fetcher.testing.TestSettings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stopping: cancels visits that have not begun, drains those that have, and closes the rest. */
final class FetcherStopTest {
  private static final End GIVEN_BACK = new End.Settled(new Settlement.GiveBack());

  private final TestSettings settings = new TestSettings();
  private final ResourceLedger ledger = new ResourceLedger();
  private final RecordingDesk desk = new RecordingDesk();

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  private Fetcher open() throws Exception {
    return open(desk);
  }

  private Fetcher open(PagePublisher publisher) throws Exception {
    return Fetcher.open(
        settings.config(),
        desk,
        AddressDesk.UNLIMITED,
        HostDesk.UNLIMITED,
        publisher,
        ledger,
        new SimpleMeterRegistry());
  }

  @Test
  void leasesAfterTheStopOfIntakeAreGivenBack() throws Exception {
    try (Fetcher fetcher = open()) {
      fetcher.stopIntake();
      Lease lease = desk.lease("http://127.0.0.1:1/");
      fetcher.take(lease);

      assertThat(desk.endOf(lease)).isEqualTo(GIVEN_BACK);
      assertThat(desk.fate(lease).visit()).isEqualTo(Visit.UNREQUESTED);
    }
  }

  @Test
  void leasesAfterTheCloseAreGivenBack() throws Exception {
    Fetcher fetcher = open();
    fetcher.close();
    Lease lease = desk.lease("http://127.0.0.1:1/");
    fetcher.take(lease);

    assertThat(desk.endOf(lease)).isEqualTo(GIVEN_BACK);
    fetcher.close();
  }

  @Test
  void whatWaitsIsCancelledAndWhatIsOnTheWireIsDrained() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    try (HostileServer server =
            HostileServer.start(
                talk -> {
                  talk.nextRequest();
                  answer.await();
                  talk.send(HostileServer.response(200, "late"));
                  talk.stall();
                });
        Fetcher fetcher = open()) {
      Lease begun = desk.lease(server.url("/begun"));
      fetcher.take(begun);
      await().until(() -> server.requests().size() == 1);
      Lease waiting = desk.lease(server.url("/waiting"));
      fetcher.take(waiting);

      fetcher.stopIntake();
      assertThat(fetcher.cancelPending()).isEqualTo(1);
      assertThat(desk.endOf(waiting)).isEqualTo(GIVEN_BACK);
      assertThat(desk.fate(begun).end()).isNotDone();

      answer.countDown();
      Drained drained = fetcher.drain(Deadline.in(Duration.ofSeconds(10)));

      assertThat(desk.endOf(begun)).isEqualTo(new End.Outstanding(1));
      assertThat(drained.forced()).isZero();
      assertThat(fetcher.forcedLeases()).isEmpty();
    }
  }

  @Test
  void theDeadlineCutsWhatIsOnTheWireAndNamesItsLeases() throws Exception {
    try (HostileServer server =
            HostileServer.start(
                talk -> {
                  talk.nextRequest();
                  talk.stall();
                });
        Fetcher fetcher = open()) {
      Lease begun = desk.lease(server.url("/"));
      fetcher.take(begun);
      await().until(() -> server.requests().size() == 1);
      fetcher.stopIntake();
      assertThat(fetcher.cancelPending()).isZero();

      Drained drained = fetcher.drain(Deadline.in(Duration.ofMillis(50)));

      assertThat(drained).isEqualTo(new Drained(0, 1));
      assertThat(fetcher.forcedLeases())
          .containsExactly(new ForcedLease(begun.id().toString(), begun.url().href()));
      assertThat(desk.endOf(begun)).isEqualTo(GIVEN_BACK);
      assertThat(desk.fate(begun).visit())
          .isEqualTo(new Visit(null, null, true, Duration.ZERO, Finding.NOTHING, null));
    }
  }

  @Test
  void aSecondSignalCutsWhatIsOnTheWireAtOnce() throws Exception {
    CompletableFuture<Void> insisted = new CompletableFuture<>();
    try (HostileServer server =
            HostileServer.start(
                talk -> {
                  talk.nextRequest();
                  talk.stall();
                });
        Fetcher fetcher = open()) {
      fetcher.take(desk.lease(server.url("/")));
      await().until(() -> server.requests().size() == 1);
      fetcher.stopIntake();
      Thread user = Thread.ofVirtual().start(() -> insisted.complete(null));

      Drained drained = fetcher.drain(Deadline.in(Duration.ofHours(1)).cutBy(insisted));

      assertThat(drained).isEqualTo(new Drained(0, 1));
      user.join();
    }
  }

  @Test
  void aPageThatDoesNotComeToRedisInAStopIsListed() throws Exception {
    CompletableFuture<PagePublisher.Handed> answer = new CompletableFuture<>();
    CountDownLatch fetched = new CountDownLatch(1);
    PagePublisher redis =
        page -> {
          fetched.countDown();
          return answer;
        };
    try (HostileServer server =
            HostileServer.start(
                talk -> {
                  talk.nextRequest();
                  talk.send(HostileServer.response(200, "a page"));
                  talk.stall();
                });
        Fetcher fetcher = open(redis)) {
      Lease lease = desk.lease(server.url("/"));
      fetcher.take(lease);
      assertThat(fetched.await(10, TimeUnit.SECONDS)).isTrue();
      fetcher.stopIntake();

      answer.complete(new PagePublisher.Handed.NotSent());

      assertThat(desk.endOf(lease)).isEqualTo(GIVEN_BACK);
      assertThat(fetcher.forcedLeases())
          .containsExactly(new ForcedLease(lease.id().toString(), lease.url().href()));
    }
  }

  @Test
  void whoWaitsForRobotsIsCancelled() throws Exception {
    settings.obeyRobots = true;
    try (HostileServer server = HostileServer.start(HostileServer.Talk::stall);
        Fetcher fetcher = open()) {
      Lease lease = desk.lease(server.url("/"));
      fetcher.take(lease);
      await().until(() -> server.connections() == 1);

      fetcher.stopIntake();
      assertThat(fetcher.cancelPending()).isEqualTo(1);
      assertThat(desk.endOf(lease)).isEqualTo(GIVEN_BACK);
      assertThat(fetcher.drain(Deadline.in(Duration.ofSeconds(10)))).isEqualTo(Drained.NOTHING);
    }
  }

  @Test
  void closingWithoutADrainGivesEverythingBack() throws Exception {
    try (HostileServer server = HostileServer.start(HostileServer.Talk::stall)) {
      Lease begun = desk.lease(server.url("/begun"));
      Lease waiting = desk.lease(server.url("/waiting"));
      try (Fetcher fetcher = open()) {
        fetcher.take(begun);
        fetcher.take(waiting);
        await().until(() -> server.connections() == 1);
      }
      assertThat(desk.endOf(begun)).isEqualTo(GIVEN_BACK);
      assertThat(desk.endOf(waiting)).isEqualTo(GIVEN_BACK);
    }
  }

  @Test
  void aHundredFetchersLeaveNothingBehind() throws Exception {
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "x"))) {
      for (int i = 0; i < 100; i++) {
        try (Fetcher fetcher = open()) {
          Lease lease = desk.lease(server.url("/" + i));
          fetcher.take(lease);
          desk.endOf(lease);
        }
      }
    }
  }
}
