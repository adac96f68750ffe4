package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Settlement;
import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.fetcher.cookie.RedirectChain;
import io.sluice.fetcher.http.Response;
import io.sluice.fetcher.testing.RecordingDesk;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a lease, as a table. */
final class FetchPolicyTest {
  private static final int ATTEMPTS = 4;
  private static final FetchPolicy POLICY = new FetchPolicy(ATTEMPTS, Duration.ofSeconds(10), 5);
  private static final VisitTimes TIMES =
      new VisitTimes(Instant.parse("2026-11-21T12:00:00Z"), 250);

  private static Lease lease(int attempt) {
    return new Lease(
        new LeaseId(1, 1),
        RecordingDesk.url("http://a.test/"),
        0,
        null,
        List.of(),
        Labels.NONE,
        attempt);
  }

  private static Response response(int status, Header... headers) {
    return new Response(
        "HTTP/1.1",
        status,
        "",
        List.of(headers),
        "",
        Body.EMPTY,
        false,
        "GET / HTTP/1.1",
        "1.2.3.4",
        Instant.EPOCH);
  }

  private static Decision decide(VisitResult result, int attempt) {
    return POLICY.decide(lease(attempt), result, TIMES, Ruling.CHARGED);
  }

  private static Settlement settled(VisitResult result, int attempt) {
    return ((Decision.Settle) decide(result, attempt)).settlement();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 206, 300, 301, 304, 400, 401, 404, 410, 451, 501, 505})
  void finalResponsesArePages(int status) {
    Response response = response(status);
    assertThat(decide(new VisitResult.Fetched(response), 1))
        .isEqualTo(new Decision.Publish(response));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504, 520, 599, 600, 999})
  void troubleOfTheServerIsRetriedAndThenAPage(int status) {
    Response response = response(status);
    assertThat(settled(new VisitResult.Fetched(response), ATTEMPTS - 1))
        .isInstanceOf(Settlement.Retry.class);
    assertThat(decide(new VisitResult.Fetched(response), ATTEMPTS))
        .isEqualTo(new Decision.Publish(response));
  }

  @ParameterizedTest
  @EnumSource(names = "STALE_CONNECTION", mode = EnumSource.Mode.EXCLUDE)
  void whatMayPassIsRetriedUntilTheLastAttempt(Reason reason) {
    VisitResult failed = new VisitResult.Failed(reason, "1.2.3.4");

    assertThat(settled(failed, 1) instanceof Settlement.Retry).isEqualTo(reason.mayPass());
    assertThat(((Settlement.Done) settled(failed, ATTEMPTS)).end())
        .satisfies(
            end -> {
              assertThat(end.ending()).isEqualTo(Ending.FAILED);
              assertThat(end.reason()).isEqualTo(reason.word());
              assertThat(end.ip()).isEqualTo("1.2.3.4");
              assertThat(end.at()).isEqualTo(TIMES.endedAt());
              assertThat(end.fetchMillis()).isEqualTo(250);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, ATTEMPTS})
  void aStaleConnectionIsRetriedAsSoonAsTheHostMayBeAskedAgain(int attempt) {
    assertThat(settled(new VisitResult.Failed(Reason.STALE_CONNECTION, "1.2.3.4"), attempt))
        .isEqualTo(new Settlement.Retry(Duration.ZERO, Reason.STALE_CONNECTION));
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "2, 20", "3, 40"})
  void theDelayDoublesWithEachAttempt(int attempt, int seconds) {
    assertThat(settled(new VisitResult.Failed(Reason.CONNECT_TIMEOUT, null), attempt))
        .isEqualTo(new Settlement.Retry(Duration.ofSeconds(seconds), Reason.CONNECT_TIMEOUT));
  }

  @Test
  void theDelayIsCapped() {
    FetchPolicy patient = new FetchPolicy(20, Duration.ofMinutes(10), 5);
    Decision decision =
        patient.decide(
            lease(19), new VisitResult.Failed(Reason.IDLE_TIMEOUT, null), TIMES, Ruling.CHARGED);
    assertThat(decision)
        .isEqualTo(
            new Decision.Settle(
                new Settlement.Retry(FetchPolicy.MAX_RETRY_DELAY, Reason.IDLE_TIMEOUT)));
  }

  @ParameterizedTest
  @CsvSource({
    "120, PT2M",
    "' 120 ', PT2M",
    "3, PT10S", // less than the delay after the first attempt
    "99999, PT1H",
    "99999999999999999999, PT1H",
    "'Sat, 21 Nov 2026 12:05:00 GMT', PT5M",
    "'Saturday, 21-Nov-26 12:05:00 GMT', PT5M",
    "'Sat Nov 21 12:05:00 2026', PT5M",
    "'Sat, 21 Nov 2026 11:00:00 GMT', PT10S", // in the past
    "-5, PT10S",
    "soon, PT10S",
    "'', PT10S"
  })
  void retryAfterIsHonouredWithinReason(String value, Duration after) {
    Response response = response(503, new Header("Retry-After", value));
    assertThat(settled(new VisitResult.Fetched(response), 1))
        .isEqualTo(new Settlement.Retry(after, Reason.SERVER_ERROR));
  }

  @Test
  void unreachableRobotsDenyInTheEnd() {
    VisitResult denied = new VisitResult.RobotsDenied(Reason.ROBOTS_UNREACHABLE);

    assertThat(settled(denied, 1))
        .isEqualTo(new Settlement.Retry(Duration.ofSeconds(10), Reason.ROBOTS_UNREACHABLE));
    assertThat(((Settlement.Done) settled(denied, ATTEMPTS)).end().ending())
        .isEqualTo(Ending.ROBOTS_DENIED);
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void troubleThatTheHostBearsPostponesTheUrlAtAnyAttempt(Reason reason) {
    Decision decision =
        POLICY.decide(lease(ATTEMPTS), new VisitResult.Failed(reason, null), TIMES, Ruling.SPARED);
    assertThat(decision.equals(new Decision.Settle(new Settlement.Postpone(reason))))
        .isEqualTo(reason.finding().troubled());
  }

  @ParameterizedTest
  @CsvSource({
    "200, GOOD",
    "304, GOOD",
    "404, GOOD",
    "429, ERROR_ANSWER",
    "499, GOOD",
    "500, ERROR_ANSWER",
    "501, NOTHING",
    "503, ERROR_ANSWER",
    "505, NOTHING",
    "599, ERROR_ANSWER"
  })
  void aGoodAnswerIsAWholeResponseBelow500ThatIsNot429(int status, Finding finding) {
    assertThat(FetchPolicy.finding(new VisitResult.Fetched(response(status)), true))
        .isEqualTo(finding);
  }

  @Test
  void aVisitThatOnlyReadRobotsFoundAHostThatIsWell() {
    VisitResult denied = new VisitResult.RobotsDenied(Reason.ROBOTS_DISALLOW);
    assertThat(FetchPolicy.finding(denied, true)).isEqualTo(Finding.GOOD);
    assertThat(FetchPolicy.finding(denied, false)).as("from a copy").isEqualTo(Finding.NOTHING);
    assertThat(FetchPolicy.finding(VisitResult.Deferred.UNSENT, true)).isEqualTo(Finding.GOOD);
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"PORT_FORBIDDEN", "ADDRESS_FORBIDDEN", "CRAWL_DELAY_TOO_LONG"})
  void whatSettingsRefuseIsSetAside(Reason reason) {
    Settlement aside = new Settlement.SetAside(reason);
    assertThat(settled(new VisitResult.Refused(reason), 1)).isEqualTo(aside);
    assertThat(settled(new VisitResult.RobotsDenied(reason), 1)).isEqualTo(aside);
  }

  @Test
  void refusalsThatNoSettingTakesBackAreFinal() {
    assertThat(
            ((Settlement.Done) settled(new VisitResult.Refused(Reason.CREDENTIALS_FORBIDDEN), 1))
                .end()
                .ending())
        .isEqualTo(Ending.REFUSED);
    assertThat(
            ((Settlement.Done) settled(new VisitResult.RobotsDenied(Reason.ROBOTS_DISALLOW), 1))
                .end()
                .ending())
        .isEqualTo(Ending.ROBOTS_DENIED);
  }

  /** What becomes of a lease on {@code http://a.test/} that redirects. */
  private static Settlement redirected(String target, String cookie, String... chain) {
    Lease lease =
        new Lease(
            new LeaseId(1, 1),
            RecordingDesk.url("http://a.test/"),
            0,
            null,
            List.of(chain),
            Labels.NONE,
            1);
    Response response = response(302, new Header("Set-Cookie", cookie));
    RedirectChain before = RedirectChain.NONE;
    for (String url : chain) {
      before = before.after(RecordingDesk.url(url), response(302), TIMES.endedAt());
    }
    VisitResult result =
        new VisitResult.Redirected(
            response,
            RecordingDesk.url(target),
            before.after(lease.url(), response, TIMES.endedAt()));
    return ((Decision.Settle) POLICY.decide(lease, result, TIMES, Ruling.CHARGED)).settlement();
  }

  @Test
  void aRedirectToItselfHopsBackWithACookieAndIsALoopWithoutOne() {
    assertThat(redirected("http://a.test/", "a=1")).isEqualTo(new Settlement.HopBack());
    assertThat(redirected("http://a.test/", "a=1; Domain=test"))
        .isInstanceOfSatisfying(
            Settlement.Done.class,
            done -> {
              assertThat(done.end().ending()).isEqualTo(Ending.FAILED);
              assertThat(done.end().reason()).isEqualTo("redirect-loop");
              assertThat(done.end().status()).isEqualTo(302);
              assertThat(done.offers()).isEmpty();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "http://b.test/, b=1, redirect, false", // not yet in the chain
    "http://x.a.test/, a=1; Domain=a.test, redirect, true",
    "http://x.a.test/, a=1; Domain=test, redirect-loop, false"
  })
  void aRedirectIntoItsOwnChainAsksAgainWithOtherCookiesOnly(
      String target, String cookie, String reason, boolean evenIfSeen) {
    assertThat(redirected(target, cookie, "http://x.a.test/"))
        .isInstanceOfSatisfying(
            Settlement.Done.class,
            done -> {
              assertThat(done.end().reason()).isEqualTo(reason);
              assertThat(done.offers()).allMatch(offer -> offer.evenIfSeen() == evenIfSeen);
              assertThat(done.offers().isEmpty()).isEqualTo(reason.equals("redirect-loop"));
            });
  }

  @Test
  void hopsBackCountAsRedirects() {
    String self = "http://a.test/";
    assertThat(redirected(self, "a=1", self, self, self, self)).isEqualTo(new Settlement.HopBack());
    assertThat(redirected(self, "a=1", self, self, self, self, self))
        .isInstanceOfSatisfying(
            Settlement.Done.class,
            done -> assertThat(done.end().reason()).isEqualTo("too-many-redirects"));
  }

  @Test
  void whatWasDeferredIsGivenBack() {
    assertThat(settled(VisitResult.Deferred.CUT, ATTEMPTS)).isEqualTo(new Settlement.GiveBack());
  }
}
