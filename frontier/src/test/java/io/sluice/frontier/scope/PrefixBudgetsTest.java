package io.sluice.frontier.scope;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrefixBudgetsTest {

  @Test
  void eachPrefixIsCountedForItself() {
    PrefixBudgets budgets = new PrefixBudgets();
    add(budgets, 7, 3);
    add(budgets, 8, 1);
    assertThat(budgets.count(7)).isEqualTo(3);
    assertThat(budgets.count(8)).isEqualTo(1);
    assertThat(budgets.count(9)).isZero();
  }

  @Test
  void noPrefixIsNotCounted() {
    PrefixBudgets budgets = new PrefixBudgets();
    budgets.add(PrefixRule.NONE);
    assertThat(budgets.size()).isZero();
  }

  @Test
  void whatIsRestoredFromWhatWasToldIsTheSame() {
    PrefixBudgets budgets = new PrefixBudgets();
    add(budgets, 7, 3);
    add(budgets, -1, 2);
    PrefixBudgets restored = new PrefixBudgets();
    budgets.forEach(restored::restore);
    assertThat(restored.size()).isEqualTo(2);
    assertThat(restored.count(7)).isEqualTo(3);
    assertThat(restored.count(-1)).isEqualTo(2);
  }

  @Test
  void whenItIsFullThePrefixesWithTheFewestUrlsAreForgotten() {
    PrefixBudgets budgets = new PrefixBudgets(8);
    for (int prefix = 1; prefix <= 8; prefix++) {
      add(budgets, prefix, prefix);
    }
    assertThat(budgets.size()).isEqualTo(8);
    budgets.add(9);
    assertThat(budgets.size()).isEqualTo(4);
    assertThat(budgets.count(4)).isZero();
    assertThat(budgets.count(5)).isEqualTo(5);
    assertThat(budgets.count(8)).isEqualTo(8);
  }

  @Test
  void whatIsForgottenDoesNotDependOnWhetherItWasRestored() {
    PrefixBudgets whole = new PrefixBudgets(64);
    PrefixBudgets halfway = new PrefixBudgets(64);
    long prefix = 1;
    for (int i = 0; i < 5000; i++) {
      prefix = prefix * 6364136223846793005L + 1442695040888963407L;
      whole.add(prefix >>> 57);
      halfway.add(prefix >>> 57);
      if (i == 2500) {
        PrefixBudgets restored = new PrefixBudgets(64);
        halfway.forEach(restored::restore);
        halfway = restored;
      }
    }
    PrefixBudgets expected = whole;
    assertThat(halfway.size()).isEqualTo(whole.size()).isPositive();
    halfway.forEach((p, count) -> assertThat(count).isEqualTo(expected.count(p)));
  }

  private static void add(PrefixBudgets budgets, long prefix, int times) {
    for (int i = 0; i < times; i++) {
      budgets.add(prefix);
    }
  }
}
