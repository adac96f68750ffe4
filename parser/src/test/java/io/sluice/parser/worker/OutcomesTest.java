package io.sluice.parser.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.message.Header;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.Page;
import io.sluice.parser.sink.TestPages;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutcomesTest {

  private static final String REFRESHED =
      "<meta http-equiv=refresh content='0; url=/next'><a href=/a>a</a>";

  private final Outcomes outcomes =
      new Outcomes(new OfferedLinks(), new ParserMetrics(new SimpleMeterRegistry()));

  @Test
  void refreshGoesIntoThePagesOutcomeWithHowItWasReached() {
    Outcome outcome = outcomes.of(TestPages.parse(TestPages.html(1, REFRESHED)));

    assertThat(outcome.end().ending()).isEqualTo(Ending.PAGE);
    assertThat(outcome.end().reason()).isEqualTo("refresh");
    assertThat(outcome.end().target()).isEqualTo(new UrlEnd.Target("http://a.test/next", null));
    assertThat(outcome.chain()).containsExactly("http://a.test/p1");
    assertThat(outcome.links()).containsExactly("http://a.test/a");
  }

  @Test
  void refreshOfAnErrorPageIsFollowedAndItsLinksAreNot() {
    Page error =
        TestPages.page(2, 404, REFRESHED, List.of(new Header("Content-Type", "text/html")));

    Outcome outcome = outcomes.of(TestPages.parse(error));

    assertThat(outcome.end().target()).isNotNull();
    assertThat(outcome.links()).isEmpty();
  }

  @Test
  void pageThatAsksForNoRefreshHasNeitherTargetNorChain() {
    Outcome outcome = outcomes.of(TestPages.parse(TestPages.html(3, "<a href=/a>a</a>")));

    assertThat(outcome.end().reason()).isEqualTo("ok");
    assertThat(outcome.end().target()).isNull();
    assertThat(outcome.chain()).isEmpty();
  }
}
