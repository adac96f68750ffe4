package io.sluice.fetcher.robots;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.fetcher.robots.RobotsAnswer.Contact;
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

  @ParameterizedTest
  @CsvSource({
    "Disallow: /index.html, /, true",
    "Disallow: /index.html, /index.html, false",
    "Disallow: /index.html, /index.html?x, false",
    "Disallow: /d/index.htm, /d/, true",
    "Disallow: /myindex.html, /my, true",
    "Disallow: /a$b, /a$b/c, false",
    "Disallow: /a$b, /a%24b, false",
    "Disallow: /a$b, /a, true",
    "Disallow: /a$b$, /a$b, false",
    "Disallow: /a$b$, /a$bc, true",
    "Disallow: /*$x=, /p?$x=1, false",
    "Disallow: /a%24, /a$b, false",
    "Disallow: /a%24, /a, true",
    "Disallow: /a$, /a, false",
    "Disallow: /a$, /a/, true",
    "Disallow: /*.php$, /x.php.php, false",
    "Disallow: /*.php$, /x.php?y, true",
    "Disallow: /*a*b*$, /xaxb, false",
    "Disallow: /**/x, /y/x, false",
    "Disallow: *x, /y/x, false",
    "Disallow: /*, /, false",
    "Disallow: $, /, true",
    "Disallow: /$, /, false",
    "Disallow: /a\\b, /a\\b, true",
    "Disallow: /a*b, /a%2Ab, false"
  })
  void aPatternMatchesAsTheStandardSays(String rule, String pathAndQuery, boolean allowed) {
    RobotsRules rules = rules("User-agent: *\n" + rule + "\n");
    assertThat(rules.allows(RecordingDesk.url("http://h.test" + pathAndQuery))).isEqualTo(allowed);
  }

  @Test
  void anAllowedIndexAllowsItsDirectoryAsAtGoogle() {
    RobotsRules rules = rules("User-agent: *\nDisallow: /\nAllow: /d/index.html\n");
    assertThat(rules.allows(RecordingDesk.url("http://h.test/d/"))).isTrue();
    assertThat(rules.allows(RecordingDesk.url("http://h.test/d/x"))).isFalse();
  }

  @Test
  void ofEquallySpecificRulesTheOneThatAllowsCounts() {
    RobotsRules rules = rules("User-agent: *\nDisallow: /ab\nAllow: /a*\nAllow: /c\n");
    assertThat(rules.allows(RecordingDesk.url("http://h.test/abc"))).isTrue();
    assertThat(rules.allows(RecordingDesk.url("http://h.test/robots.txt"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n", "\n\r"})
  void anyLineEndEndsALine(String end) {
    RobotsRules rules = rules("User-agent: *" + end + "Disallow: /x" + end + "Allow: /x/y" + end);
    assertThat(rules.allows(RecordingDesk.url("http://h.test/x"))).isFalse();
    assertThat(rules.allows(RecordingDesk.url("http://h.test/x/y"))).isTrue();
  }

  @Test
  void linesThatAreNotRulesAreCounted() {
    assertThat(rules("User-agent: *\nwhat is this\nDisallow: /x\nand-this: 1\n").problems())
        .isPositive();
    assertThat(rules("User-agent: *\nDisallow: /x\n").problems()).isZero();
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
  void anAnswerExpires() {
    RobotsCache cache = new RobotsCache(2, 1000);
    cache.put("a", new RobotsAnswer.Unreachable(Contact.NONE), 10, 100);
    assertThat(cache.get("a", 99)).isNotNull();
    assertThat(cache.get("a", 100)).isNull();
    assertThat(cache.expired("a")).as("nothing that could be used once more").isNull();
  }

  @Test
  void expiredRulesAreKeptForWhenTheyCannotBeReadAnew() {
    RobotsCache cache = new RobotsCache(2, 1000);
    RobotsAnswer.Known rules = new RobotsAnswer.Known(RobotsRules.ALLOW_ALL, Contact.NONE);
    cache.put("a", rules, 10, 100);
    assertThat(cache.get("a", 100)).isNull();
    assertThat(cache.expired("a")).isEqualTo(rules);
  }
}
