package io.sluice.frontier.scope;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.ScopeSettings;
import io.sluice.frontier.TestConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrapRulesTest {

  private final TrapRules rules = new TrapRules(new ScopeSettings.Traps(8, 2, 3));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/a/b/c/d/e/f/g/h",
        "/a/b/c/d/e/f/g/h/",
        "/x/x",
        "/x/x/",
        "/x/x/y/x/x",
        "/a/b/a/b",
        "/a/b/a/b/a",
        "/a/b/a/c/a/b",
        "/xx/x/xx",
        "/2026/11/11",
        "//",
        "/?",
        "/?a&b&c",
        "/?&&a=1&&b=2&c=3&",
        "/p?next=/x/x/x/x"
      })
  void whatManyHonestSitesHaveIsLetThrough(String path) {
    assertThat(decide(path)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b/c/d/e/f/g/h/i, TOO_MANY_SEGMENTS",
    "/a/b/c/d/e/f/g//h, TOO_MANY_SEGMENTS",
    "/x/x/x, REPEATED_SEGMENTS",
    "/x/x/x/, REPEATED_SEGMENTS",
    "/x/x/x?q, REPEATED_SEGMENTS",
    "/home/en/en/en/page.html, REPEATED_SEGMENTS",
    "/a/b/a/b/a/b, REPEATED_SEGMENTS",
    "/shop/a/b/a/b/a/b/x, REPEATED_SEGMENTS",
    "////, REPEATED_SEGMENTS",
    "/?a=1&b=2&c=3&d=4, TOO_MANY_PARAMETERS",
    "/?a[]=1&a[]=1&a[]=1&a[]=1, TOO_MANY_PARAMETERS",
  })
  void whatGrowsWithoutEndIsRefused(String path, Refusal refusal) {
    assertThat(decide(path)).isEqualTo(refusal);
  }

  @Test
  void aGroupAsLongAsTheBoundAllowsIsFound() {
    TrapRules wide = new TrapRules(new ScopeSettings.Traps(1000, 1, 3));
    String half = "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z";
    assertThat(wide.decide(TestConfig.url("http://h.test" + half))).isNull();
    assertThat(wide.decide(TestConfig.url("http://h.test" + half + half)))
        .isEqualTo(Refusal.REPEATED_SEGMENTS);
  }

  @Test
  void theUrlJudgedBeforeLeavesNothingBehind() {
    assertThat(decide("/x/x/x")).isEqualTo(Refusal.REPEATED_SEGMENTS);
    assertThat(decide("/x/x")).isNull();
    assertThat(decide("/a/b/c/d/e/f/g/h/i/j/k")).isEqualTo(Refusal.TOO_MANY_SEGMENTS);
    assertThat(decide("/a")).isNull();
  }

  private @Nullable Refusal decide(String path) {
    return rules.decide(TestConfig.url("http://h.test" + path));
  }
}
