package io.sluice.frontier.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueuedUrlTest {

  private static final Revisit REVISIT = new Revisit(60, null);

  private static List<String> laterChain(String... redirects) {
    return new QueuedUrl("http://a.test/", 0, null, List.of(redirects), Labels.NONE, 0)
        .again(REVISIT)
        .redirects();
  }

  @Test
  void aLaterVisitBeginsWhereTheChainFirstCameToTheUrl() {
    assertThat(laterChain("http://x.test/")).containsExactly("http://x.test/");
    assertThat(laterChain("http://x.test/", "http://a.test/")).containsExactly("http://x.test/");
    assertThat(laterChain("http://a.test/", "http://b.test/")).isEmpty();
  }
}
