package io.sluice.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoSiteTest {

  @Test
  void everyPageOfEveryHostIsReachedFromTheSeed() {
    DemoSite.Expected expected = DemoSite.onPort(8000).expected(8000);
    assertThat(expected.pages()).isEqualTo(8 * 60);
    assertThat(expected.moved()).isEqualTo(8 * 3);
    assertThat(expected.gone()).isEqualTo(8 * 2);
    assertThat(expected.forbidden()).isEqualTo(8);
  }

  @Test
  void siteIsTheSameEachTime() {
    String seed = DemoSite.seed(8000);
    assertThat(DemoSite.onPort(8000).at(seed)).isEqualTo(DemoSite.onPort(8000).at(seed));
  }
}
