package io.sluice.fetcher.robots;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.fetcher.testing.RecordingDesk;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules and their cache. */
final class RobotsTest {
  private static RobotsRules rules(String file) {
    return RobotsRules.parse(file.getBytes(StandardCharsets.UTF_8), "sluice");
  }

  @ParameterizedTest
  @CsvSource({
    "Sluice/0.1 (+http://x/), sluice",
    "Sluice, sluice",
    "my-bot_x/2, my-bot_x",
    "Mozilla/5.0 (compatible; Sluice), mozilla"
  })
  void theProductTokenIsWhatComesFirst(String userAgent, String token) {
    assertThat(RobotsRules.productToken(userAgent)).isEqualTo(token);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/a|b", "/a?q={x}", "/a?q=[1]", "/a?q=`", "/a?q=%7Cx", "/a?q=a^b", "/a%zz"})
  void anUnusualUrlIsNotJudgedAsTheRoot(String pathAndQuery) {
    RobotsRules rules = rules("User-agent: *\nDisallow: /a\nAllow: /$\n");
    assertThat(rules.allows(RecordingDesk.url("http://h.test" + pathAndQuery))).isFalse();
  }

  @Test
  void rulesMatchUnusualCharactersInEitherForm() {
    RobotsRules rules = rules("User-agent: *\nDisallow: /x|y\nDisallow: /v%7Cw\n");
    assertThat(rules.allows(RecordingDesk.url("http://h.test/x|y"))).isFalse();
    assertThat(rules.allows(RecordingDesk.url("http://h.test/x%7Cy"))).isFalse();
    assertThat(rules.allows(RecordingDesk.url("http://h.test/v|w"))).isFalse();
    assertThat(rules.allows(RecordingDesk.url("http://h.test/x"))).isTrue();
  }

  @Test
  void theCrawlDelayIsThatOfTheGroup() {
    assertThat(rules("User-agent: sluice\nCrawl-delay: 2.5\nDisallow: /x").crawlDelay())
        .isEqualTo(Duration.ofMillis(2500));
    assertThat(rules("User-agent: other\nCrawl-delay: 2\nDisallow: /x").crawlDelay()).isNull();
    assertThat(rules("").crawlDelay()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "0.0, PT0S",
    "3600, PT1H",
    "86400, PT24H",
    "86401, PT24H",
    "99999999999999999.0, PT24H",
    "1.0e300, PT24H",
    "-1,",
    "-0.5,",
    "-99999999999999999.0,",
    "NaN,",
    ".NaN,",
    "soon,"
  })
  void aCrawlDelayIsNeverNegativeAndADayAtMost(String stated, @Nullable Duration delay) {
    assertThat(rules("User-agent: *\nCrawl-delay: " + stated + "\nDisallow: /x").crawlDelay())
        .isEqualTo(delay);
  }

  @Test
  void theCacheForgetsTheOneUsedLongestAgo() {
    RobotsCache cache = new RobotsCache(2, 1000);
    RobotsAnswer answer = new RobotsAnswer.Unreachable(false);
    cache.put("a", answer, 10, 100);
    cache.put("b", answer, 10, 100);
    assertThat(cache.get("a", 0)).isNotNull();
    cache.put("c", answer, 10, 100);

    assertThat(cache.get("b", 0)).isNull();
    assertThat(cache.get("a", 0)).isNotNull();
    assertThat(cache.get("c", 0)).isNotNull();
  }

  @Test
  void theCacheIsBoundedByWeight() {
    RobotsCache cache = new RobotsCache(100, 1000);
    RobotsAnswer answer = new RobotsAnswer.Unreachable(false);
    for (int i = 0; i < 10; i++) {
      cache.put("origin" + i, answer, 300, 100);
    }
    assertThat(cache.size()).isEqualTo(3);
    cache.put("heavy", answer, 2000, 100);
    assertThat(cache.size()).isZero();
  }

  @Test
  void anAnswerExpires() {
    RobotsCache cache = new RobotsCache(2, 1000);
    cache.put("a", new RobotsAnswer.Unreachable(false), 10, 100);
    assertThat(cache.get("a", 99)).isNotNull();
    assertThat(cache.get("a", 100)).isNull();
    assertThat(cache.size()).isZero();
  }
}
