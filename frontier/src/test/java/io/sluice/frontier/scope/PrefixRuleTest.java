package io.sluice.frontier.scope;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.ScopeSettings;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.seen.Fingerprints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixRuleTest {

  private final PrefixBudgets committed = new PrefixBudgets();

  @ParameterizedTest
  @CsvSource({
    "1, http://a.test/calendar, http://a.test/calendar?day=1",
    "1, http://a.test/calendar, http://a.test/calendar/2026/1",
    "1, http://a.test/calendar, https://a.test:8443/calendar/",
    "1, http://a.test, http://a.test/?x",
    "2, http://a.test/a/b, http://a.test/a/b/c/d",
  })
  void whatBeginsAlikeSharesABudget(int segments, String one, String other) {
    PrefixRule rule = rule(5, segments);
    assertThat(prefix(rule, one)).isEqualTo(prefix(rule, other));
  }

  @ParameterizedTest
  @CsvSource({
    "1, http://a.test/calendar, http://b.test/calendar",
    "1, http://a.test/calendar, http://a.test/calendars",
    "1, http://a.test/calendar, http://a.test/",
    "2, http://a.test/a/b, http://a.test/a/c",
    "2, http://a.test/a/b, http://a.test/a",
  })
  void whatBeginsOtherwiseDoesNot(int segments, String one, String other) {
    PrefixRule rule = rule(5, segments);
    assertThat(prefix(rule, one)).isNotEqualTo(prefix(rule, other));
  }

  @Test
  void aBudgetIsSpentWithinABatchAndBeyondIt() {
    PrefixRule rule = rule(3, 1);
    rule.begin();
    rule.accepted(7);
    rule.accepted(7);
    assertThat(rule.spent(7)).isFalse();
    committed.add(7);
    committed.add(7);
    rule.begin();
    assertThat(rule.spent(7)).isFalse();
    rule.accepted(7);
    assertThat(rule.spent(7)).isTrue();
    assertThat(rule.spent(8)).isFalse();
  }

  @Test
  void withoutABudgetNothingIsCounted() {
    PrefixRule rule = rule(0, 1);
    long prefix = prefix(rule, "http://a.test/calendar");
    assertThat(prefix).isEqualTo(PrefixRule.NONE);
    rule.accepted(prefix);
    rule.begin();
    assertThat(rule.spent(prefix)).isFalse();
    assertThat(committed.size()).isZero();
  }

  private PrefixRule rule(long maxUrls, int segments) {
    return new PrefixRule(
        new ScopeSettings.PrefixBudget(maxUrls, segments), new Fingerprints(1), committed);
  }

  private static long prefix(PrefixRule rule, String href) {
    return rule.prefixOf(TestConfig.url(href));
  }
}
