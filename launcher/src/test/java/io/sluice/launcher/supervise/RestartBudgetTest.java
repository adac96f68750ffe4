package io.sluice.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {

  private final AtomicLong nanos = new AtomicLong();
  private final RestartBudget budget =
      new RestartBudget(3, Duration.ofMinutes(1), Duration.ofSeconds(1), nanos::get);

  @Test
  void pausesDoubleUntilTheBudgetIsSpent() {
    assertThat(budget.crashed()).contains(Duration.ofSeconds(1));
    assertThat(budget.crashed()).contains(Duration.ofSeconds(2));
    assertThat(budget.crashed()).contains(Duration.ofSeconds(4));
    assertThat(budget.crashed()).isEmpty();
  }

  @Test
  void oldCrashesAreForgotten() {
    budget.crashed();
    budget.crashed();
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(budget.crashed()).contains(Duration.ofSeconds(1));
  }
}
