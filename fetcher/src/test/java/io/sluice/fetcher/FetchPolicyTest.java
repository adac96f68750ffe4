package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Settlement;
import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.fetcher.http.Response;
import io.sluice.fetcher.reason.Reason;
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
        "HTTP/1.1", status, "", List.of(headers), Body.EMPTY, false, "GET / HTTP/1.1", "1.2.3.4");
  }

  private static Decision decide(FetchOutcome outcome, int attempt) {
    return POLICY.decide(lease(attempt), outcome, TIMES);
  }

  private static Settlement settled(FetchOutcome outcome, int attempt) {
    return ((Decision.Settle) decide(outcome, attempt)).settlement();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 206, 300, 301, 304, 400, 401, 404, 410, 451, 501, 505})
  void finalResponsesArePages(int status) {
    Response response = response(status);
    assertThat(decide(new FetchOutcome.Fetched(response), 1))
        .isEqualTo(new Decision.Publish(response));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504, 520, 599})
  void troubleOfTheServerIsRetriedAndThenAPage(int status) {
    Response response = response(status);
    assertThat(settled(new FetchOutcome.Fetched(response), ATTEMPTS - 1))
        .isInstanceOf(Settlement.Retry.class);
    assertThat(decide(new FetchOutcome.Fetched(response), ATTEMPTS))
        .isEqualTo(new Decision.Publish(response));
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void whatMayPassIsRetriedUntilTheLastAttempt(Reason reason) {
    FetchOutcome failed = new FetchOutcome.Failed(reason, "1.2.3.4");

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
  @CsvSource({"1, 10", "2, 20", "3, 40"})
  void theDelayDoublesWithEachAttempt(int attempt, int seconds) {
    assertThat(settled(new FetchOutcome.Failed(Reason.CONNECT_TIMEOUT, null), attempt))
        .isEqualTo(new Settlement.Retry(Duration.ofSeconds(seconds), "connect-timeout"));
  }

  @Test
  void theDelayIsCapped() {
    FetchPolicy patient = new FetchPolicy(20, Duration.ofMinutes(10), 5);
    Decision decision =
        patient.decide(lease(19), new FetchOutcome.Failed(Reason.IDLE_TIMEOUT, null), TIMES);
    assertThat(decision)
        .isEqualTo(
            new Decision.Settle(new Settlement.Retry(FetchPolicy.MAX_RETRY_DELAY, "idle-timeout")));
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
    "'Sat, 21 Nov 2026 11:00:00 GMT', PT10S", // over already
    "-5, PT10S",
    "soon, PT10S",
    "'', PT10S"
  })
  void retryAfterIsHonouredWithinReason(String value, Duration after) {
    Response response = response(503, new Header("Retry-After", value));
    assertThat(settled(new FetchOutcome.Fetched(response), 1))
        .isEqualTo(new Settlement.Retry(after, "server-error"));
  }

  @Test
  void unreachableRobotsDenyInTheEnd() {
    FetchOutcome denied = new FetchOutcome.RobotsDenied(Reason.ROBOTS_UNREACHABLE);

    assertThat(settled(denied, 1))
        .isEqualTo(new Settlement.Retry(Duration.ofSeconds(10), "robots-unreachable"));
    assertThat(((Settlement.Done) settled(denied, ATTEMPTS)).end().ending())
        .isEqualTo(Ending.ROBOTS_DENIED);
  }

  @Test
  void refusalsAreFinal() {
    assertThat(
            ((Settlement.Done) settled(new FetchOutcome.Refused(Reason.ADDRESS_FORBIDDEN), 1))
                .end()
                .ending())
        .isEqualTo(Ending.REFUSED);
    assertThat(
            ((Settlement.Done) settled(new FetchOutcome.RobotsDenied(Reason.ROBOTS_DISALLOW), 1))
                .end()
                .ending())
        .isEqualTo(Ending.ROBOTS_DENIED);
  }

  @Test
  void whatWasDeferredIsGivenBack() {
    assertThat(settled(new FetchOutcome.Deferred(true), ATTEMPTS))
        .isEqualTo(new Settlement.GiveBack());
  }
}
