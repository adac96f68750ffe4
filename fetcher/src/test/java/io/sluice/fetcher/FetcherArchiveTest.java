package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Validators;
import io.sluice.core.lifecycle.LeaseSums.ForcedLease;
import io.sluice.core.message.Capture;
import io.sluice.core.message.Truncation;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.handover.PagePublisher.Handed;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.RecordingArchive;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.RecordingDesk.End;
import io.sluice.fetcher.testing.TestSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Exchanges that are archived although they are not pages, and leases that wait for the archive.
 */
final class FetcherArchiveTest {
  private static final End GIVEN_BACK = new End.Settled(new Settlement.GiveBack());

  private final TestSettings settings = new TestSettings();
  private final ResourceLedger ledger = new ResourceLedger();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RecordingDesk desk = new RecordingDesk();
  private final RecordingArchive archive = new RecordingArchive();

  @AfterEach
  void nothingIsLeftOpenAndNeitherMemoryNorRoomIsHeld() {
    assertThat(archive.visits()).isZero();
    assertThat(ledger.entries()).isEmpty();
    assertThat(meters.get("sluice.http.body.memory.bytes").gauge().value()).isZero();
  }

  private Fetcher open() {
    return Fetcher.open(
        settings.config(),
        desk,
        AddressDesk.UNLIMITED,
        HostDesk.UNLIMITED,
        desk,
        archive,
        ledger,
        meters);
  }

  private Settlement settled(Lease lease) throws Exception {
    try (Fetcher fetcher = open()) {
      fetcher.take(lease);
      return ((End.Settled) desk.endOf(lease)).settlement();
    }
  }

  private Capture only() {
    assertThat(archive.captures()).hasSize(1);
    return archive.captures().getFirst();
  }

  private static String body(Capture capture) {
    return new String(capture.body().bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void aRedirectIsArchivedWithBothHeadsItsBodyAndTheInstantOfItsRequest() throws Exception {
    String response = HostileServer.response(302, "moved", "Location: /there", "X:  odd ");
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              talk.nextRequest();
              talk.pause(300);
              talk.send(response);
            })) {
      Instant before = Instant.now();

      Settlement settlement = settled(desk.lease(server.url("/here")));

      assertThat(((Settlement.Done) settlement).end().ending()).isEqualTo(Ending.REDIRECTED);
      Capture capture = only();
      assertThat(capture.url()).isEqualTo(server.url("/here"));
      assertThat(capture.responseHead() + body(capture)).isEqualTo(response);
      assertThat(capture.requestHead() + "\r\n\r\n").isEqualTo(server.requests().getFirst());
      assertThat(capture.ip()).isEqualTo("127.0.0.1");
      assertThat(capture.unchanged()).isFalse();
      assertThat(capture.truncation()).isNull();
      assertThat(capture.begunAt())
          .as("the request's begin, not the response's end 300 ms later")
          .isBetween(before, Instant.now().minus(250, ChronoUnit.MILLIS));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void aResponseThatIsTriedAgainIsArchived(int status) throws Exception {
    try (HostileServer server = HostileServer.answering(HostileServer.response(status, "busy"))) {
      assertThat(settled(desk.lease(server.url("/")))).isInstanceOf(Settlement.Retry.class);
      assertThat(only().responseHead()).startsWith("HTTP/1.1 " + status);
    }
  }

  @Test
  void aPageIsNotArchivedASecondTime() throws Exception {
    try (HostileServer server = HostileServer.answering(HostileServer.response(404, "gone"));
        Fetcher fetcher = open()) {
      Lease lease = desk.lease(server.url("/"));
      fetcher.take(lease);

      assertThat(desk.endOf(lease)).isEqualTo(new End.Outstanding(1));
      assertThat(archive.captures()).isEmpty();
    }
  }

  @Test
  void a304ThatAnswersAnEarlierVisitsValidatorsSaysSo() throws Exception {
    try (HostileServer server =
        HostileServer.answering("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n")) {
      Validators validators = Validators.of("\"1\"", null);

      Settlement settlement = settled(desk.revisit(server.url("/"), validators));

      assertThat(((Settlement.Done) settlement).end().ending()).isEqualTo(Ending.UNCHANGED);
      assertThat(only().unchanged()).isTrue();
      assertThat(only().requestHead()).contains("If-None-Match: \"1\"");
    }
  }

  @Test
  void aBodyThatTheServerBreaksOffIsArchivedAsFarAsItCame() throws Exception {
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              talk.nextRequest();
              talk.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            })) {
      assertThat(settled(desk.lease(server.url("/"))))
          .isInstanceOfSatisfying(
              Settlement.Retry.class,
              retry -> assertThat(retry.reason()).isEqualTo(Reason.BODY_INCOMPLETE));
      assertThat(body(only())).isEqualTo("half");
      assertThat(only().truncation()).isEqualTo(Truncation.DISCONNECT);
    }
  }

  @Test
  void aBodyThatTakesTooLongIsArchivedAsFarAsItCame() throws Exception {
    settings.idleTimeout = Duration.ofMillis(300);
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              talk.nextRequest();
              talk.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n9");
              talk.stall();
            })) {
      assertThat(settled(desk.lease(server.url("/")))).isInstanceOf(Settlement.Retry.class);
      assertThat(body(only())).isEqualTo("abc");
      assertThat(only().truncation()).isEqualTo(Truncation.TIME);
    }
  }

  @Test
  void aBodyWhoseFramingBreaksIsArchivedAsFarAsItCame() throws Exception {
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              talk.nextRequest();
              talk.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nXYZ\r\n");
              talk.stall();
            })) {
      assertThat(settled(desk.lease(server.url("/")))).isInstanceOf(Settlement.Done.class);
      assertThat(body(only())).isEqualTo("abc");
      assertThat(only().truncation()).isEqualTo(Truncation.UNSPECIFIED);
    }
  }

  @Test
  void ofABodyThatIsNotAPagesAMebibyteIsKept() throws Exception {
    settings.maxBodyBytes = 2 << 20;
    String long1 = "x".repeat((1 << 20) + 1);
    try (HostileServer server =
        HostileServer.answering(HostileServer.response(301, long1, "Location: /"))) {
      settled(desk.lease(server.url("/a")));

      assertThat(only().body().size()).isEqualTo(1 << 20);
      assertThat(only().truncation()).isEqualTo(Truncation.LENGTH);
    }
  }

  @Test
  void nothingThatHasNoHeadIsArchived() throws Exception {
    try (HostileServer server = HostileServer.answering("SSH-2.0-x\r\n")) {
      settled(desk.lease(server.url("/")));

      assertThat(archive.captures()).isEmpty();
    }
  }

  @Test
  void robotsFilesAreArchivedWhateverTheirStatusAndWhereverTheyMoved() throws Exception {
    settings.obeyRobots = true;
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              for (String head = talk.nextRequest(); head != null; head = talk.nextRequest()) {
                switch (talk.path(head)) {
                  case "/robots.txt" ->
                      talk.send(HostileServer.response(301, "", "Location: /other.txt"));
                  case "/other.txt" ->
                      talk.send(HostileServer.response(200, "User-agent: *\nDisallow: /no\n"));
                  default -> talk.send(HostileServer.response(200, "page"));
                }
              }
            })) {
      Settlement denied = settled(desk.lease(server.url("/no")));

      assertThat(((Settlement.Done) denied).end().ending()).isEqualTo(Ending.ROBOTS_DENIED);
      assertThat(archive.captures())
          .extracting(Capture::url)
          .containsExactly(server.url("/robots.txt"), server.url("/other.txt"));
    }
  }

  @Test
  void aLeaseEndsOnlyOnceRedisHasWhatItsVisitBroughtHome() throws Exception {
    CompletableFuture<Handed> answer = new CompletableFuture<>();
    archive.handed = answer;
    try (HostileServer server =
            HostileServer.answering(HostileServer.response(301, "", "Location: /x"));
        Fetcher fetcher = open()) {
      Lease lease = desk.lease(server.url("/"));
      fetcher.take(lease);
      await().until(() -> archive.captures().size() == 1);
      assertThat(desk.fate(lease).end()).isNotDone();

      answer.complete(new Handed.Accepted(1));

      assertThat(desk.endOf(lease)).isInstanceOf(End.Settled.class).isNotEqualTo(GIVEN_BACK);
    }
  }

  @Test
  void aVisitWhoseRedirectDoesNotComeToRedisInAStopIsMadeAgainAndListed() throws Exception {
    CompletableFuture<Handed> answer = new CompletableFuture<>();
    archive.handed = answer;
    try (HostileServer server =
            HostileServer.answering(HostileServer.response(301, "", "Location: /x"));
        Fetcher fetcher = open()) {
      Lease lease = desk.lease(server.url("/"));
      fetcher.take(lease);
      await().until(() -> archive.captures().size() == 1);
      fetcher.stopIntake();

      answer.complete(new Handed.NotSent());

      assertThat(desk.endOf(lease)).isEqualTo(GIVEN_BACK);
      assertThat(fetcher.forcedLeases())
          .containsExactly(new ForcedLease(lease.id().toString(), lease.url().href()));
    }
  }

  @Test
  void noVisitBeginsWithoutRoomForWhatItMayBringHome() throws Exception {
    CompletableFuture<Void> room = new CompletableFuture<>();
    archive.room = room;
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "x"));
        Fetcher fetcher = open()) {
      List<Lease> leases = List.of(desk.lease(server.url("/1")), desk.lease(server.url("/2")));
      leases.forEach(fetcher::take);
      await().until(() -> meters.counter("sluice.visits.held.back").count() == 2);
      assertThat(server.connections()).isZero();

      room.complete(null);

      for (Lease lease : leases) {
        assertThat(desk.endOf(lease)).isEqualTo(new End.Outstanding(1));
      }
    }
  }

  @Test
  void aDefectWhileARobotsFileIsKeptHoldsNoMemory() throws Exception {
    settings.obeyRobots = true;
    archive.defect = new IllegalStateException("a defect");
    String rules = "User-agent: *\nDisallow: /no\n" + "# x\n".repeat(100_000);
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, rules))) {
      assertThat(settled(desk.lease(server.url("/")))).isInstanceOf(Settlement.class);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void roomThatComesInAStopLetsNoVisitBegin() throws Exception {
    CompletableFuture<Void> room = new CompletableFuture<>();
    archive.room = room;
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "x"));
        Fetcher fetcher = open()) {
      Lease lease = desk.lease(server.url("/"));
      fetcher.take(lease);
      await().until(() -> meters.counter("sluice.visits.held.back").count() == 1);
      fetcher.stopIntake();

      room.complete(null);

      assertThat(desk.endOf(lease)).isEqualTo(GIVEN_BACK);
      assertThat(server.connections()).isZero();
    }
  }

  @Test
  void aStopGivesBackWhatWaitsForRoom() throws Exception {
    archive.room = new CompletableFuture<>();
    try (Fetcher fetcher = open()) {
      Lease lease = desk.lease("http://127.0.0.1:1/");
      fetcher.take(lease);
      await().until(() -> meters.counter("sluice.visits.held.back").count() == 1);

      assertThat(fetcher.cancelPending()).isEqualTo(1);

      assertThat(desk.endOf(lease)).isEqualTo(GIVEN_BACK);
      assertThat(fetcher.forcedLeases()).isEmpty();
    }
  }
}
