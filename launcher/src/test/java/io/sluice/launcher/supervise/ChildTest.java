package io.sluice.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.Order;
import io.sluice.launcher.progress.Screen;
import io.sluice.launcher.progress.StatusClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A child that ends before its supervisor has noticed that it was up. */
class ChildTest {

  private static final String SAID = "unknown: no-such-command";

  @TempDir Path dir;
  private final StringWriter shown = new StringWriter();
  private final ResourceLedger ledger = new ResourceLedger();

  @Test
  void whatItSaidIsHeldUntilItIsKnownWhetherItStarted() throws Exception {
    try (Child child = ended()) {
      assertThat(child.heldLines()).anySatisfy(line -> assertThat(line).contains(SAID));
      assertThat(shown.toString()).isEmpty();
    }
    assertThat(ledger.open()).isEmpty();
  }

  @Test
  void whatItSaidIsPassedOnOnceItCountsAsEnded() throws Exception {
    try (Child child = ended()) {
      assertThat(child.stopReason()).isEqualTo("parser-1-ended-with-1");
      assertThat(shown.toString()).contains(SAID);
    }
  }

  @Test
  void whatItSaysInAStopIsPassedOn() throws Exception {
    try (Child child = ended()) {
      child.order(new Order.Stop("sigterm", Duration.ofSeconds(1), true));
      child.heldLines(); // waits until all lines have been read
      assertThat(shown.toString()).contains(SAID);
    }
  }

  private Child ended() throws Exception {
    CrawlFiles files = new CrawlFiles(dir).enteredIn(ledger);
    files.prepare();
    ChildCommand command =
        new ChildCommand(
            "parser-1", 64 << 20, List.of(), dir, List.of("no-such-command"), Map.of());
    PrintWriter out = new PrintWriter(shown, true);
    Child child =
        new Child(
            command,
            RestartBudget.ofParser(System::nanoTime),
            files,
            new StatusClient("127.0.0.1", Duration.ofSeconds(1), ledger),
            new Screen(out, out),
            ledger);
    child.start((_, _) -> {}, _ -> {});
    assertThat(child.await(Deadline.in(Duration.ofSeconds(30)))).isTrue();
    return child;
  }
}
