package io.sluice.frontier.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.EndedBy;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReasonTallyTest {

  private final ReasonTally tally = new ReasonTally();

  @Test
  void anEndCountsByItsReasonAndByTheHundredOfItsStatus() {
    count(Ending.PAGE, Reason.OK, 200, "http://a.test/");
    count(Ending.PAGE, Reason.OK, 404, "http://a.test/gone");
    count(Ending.PAGE, Reason.SERVER_ERROR, 999, "http://a.test/odd");
    count(Ending.FAILED, Reason.DNS_NOT_FOUND, 0, "http://b.test/");

    assertThat(tally.all())
        .containsExactlyInAnyOrder(
            new EndedBy(Ending.PAGE, "ok", 2, "http://a.test/"),
            new EndedBy(Ending.PAGE, "server-error", 1, "http://a.test/odd"),
            new EndedBy(Ending.FAILED, "dns-not-found", 1, "http://b.test/"),
            new EndedBy(Ending.PAGE, "status-2xx", 1, "http://a.test/"),
            new EndedBy(Ending.PAGE, "status-4xx", 1, "http://a.test/gone"),
            new EndedBy(Ending.PAGE, "status-5xx", 1, "http://a.test/odd"));
    assertThat(tally.all().stream().filter(EndedBy::countsStatus).map(EndedBy::hundred))
        .containsExactlyInAnyOrder("2xx", "4xx", "5xx");
  }

  private void count(Ending ending, Reason reason, int status, String href) {
    tally.count(new UrlEnd(ending, reason, status, null, Instant.EPOCH, 1, 1), href);
  }
}
