package io.sluice.parser.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OfferedLinksTest {

  private final OfferedLinks links = new OfferedLinks();

  @Test
  void linkIsOfferedOnceABatchAndOnceCommittedNotAgain() {
    assertThat(links.offer("http://a.test/", 1)).isTrue();
    assertThat(links.offer("http://a.test/", 1)).isFalse();
    links.commit();
    assertThat(links.offer("http://a.test/", 2)).isFalse();
    assertThat(links.offer("http://b.test/", 2)).isTrue();
  }

  @Test
  void linkOfADroppedBatchIsOfferedAgain() {
    links.offer("http://a.test/", 1);
    links.forgetBatch();

    assertThat(links.offer("http://a.test/", 1)).isTrue();
  }

  @Test
  void linkFoundNearerToTheSeedsIsOfferedAgain() {
    links.offer("http://a.test/", 3);
    links.commit();

    assertThat(links.offer("http://a.test/", 2)).isTrue();
    links.commit();
    assertThat(links.offer("http://a.test/", 2)).isFalse();
  }

  @Test
  void nothingIsKnownAfterClear() {
    links.offer("http://a.test/", 1);
    links.commit();
    links.clear();

    assertThat(links.offer("http://a.test/", 1)).isTrue();
  }

  @Test
  void manyLinksStayWithinTheTable() {
    int again = 0;
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 200_000; i++) {
        again += round == 1 && !links.offer("http://a.test/" + i, 1) ? 1 : 0;
        if (round == 0) {
          links.offer("http://a.test/" + i, 1);
          links.commit();
        }
      }
    }
    assertThat(again).isBetween(1, 1 << 15);
  }
}
