package io.sluice.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {

  private final AtomicLong nanos = new AtomicLong();
  private final RestartBudget budget =
      new RestartBudget(
          4, Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofSeconds(3), nanos::get);

  @Test
  void pausesDoubleUpToTheLongestUntilTheBudgetIsSpent() {
    assertThat(budget.crashed()).contains(Duration.ofSeconds(1));
    assertThat(budget.crashed()).contains(Duration.ofSeconds(2));
    assertThat(budget.crashed()).contains(Duration.ofSeconds(3));
    assertThat(budget.crashed()).contains(Duration.ofSeconds(3));
    assertThat(budget.crashed()).isEmpty();
  }

  @Test
  void parserThatCrashesAtEveryStartIsGivenUpWithinTheWindow() {
    RestartBudget parser = RestartBudget.ofParser(nanos::get);
    int restarts = 0;
    Optional<Duration> pause = parser.crashed();
    while (pause.isPresent() && restarts < 1_000) {
      nanos.addAndGet(pause.get().plusSeconds(5).toNanos());
      restarts++;
      pause = parser.crashed();
    }
    assertThat(restarts).isEqualTo(20);
  }

  @Test
  void oldCrashesAreForgotten() {
    budget.crashed();
    budget.crashed();
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(budget.crashed()).contains(Duration.ofSeconds(1));
  }
}
