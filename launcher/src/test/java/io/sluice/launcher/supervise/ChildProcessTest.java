package io.sluice.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.launcher.process.Notice;
import io.sluice.launcher.process.Order;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChildProcessTest {

  private final ResourceLedger ledger = new ResourceLedger();
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();

  @Test
  void linesOfTheChildArePassedOnAndItsStatusIsKnown() throws Exception {
    try (ChildProcess child = start("echo one >&2; echo two >&2; exit 7")) {
      assertThat(child.await(soon())).isTrue();
      child.awaitLines(soon());
      assertThat(lines).containsExactly("one", "two");
      assertThat(child.status()).isEqualTo(7);
    }
    assertThat(ledger.open()).isEmpty();
  }

  @Test
  void ordersGoDownThePipeAndNoticesComeUpApartFromOtherLines() throws Exception {
    String script =
        "echo 'sluice-child: signalled sigterm' >&2; echo up >&2; read -r order;"
            + " echo \"heard $order\" >&2; echo 'sluice-child: stopping because of it' >&2";
    try (ChildProcess child = start(script)) {
      assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("up");
      child.order(new Order.Stop("sig term", Duration.ofMillis(1500), true));
      assertThat(child.await(soon())).isTrue();
      child.order(new Order.Insist()); // no process receives it
      child.awaitLines(soon());
      assertThat(lines).containsExactly("heard drain 1500 sig term");
      assertThat(notices)
          .containsExactly(new Notice.Signalled("sigterm"), new Notice.Stopping("because of it"));
    }
  }

  @Test
  void childSeesTheEndOfItsInputWhenItIsClosed() throws Exception {
    ChildProcess child = start("echo up >&2; cat; sleep 100");
    assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("up");
    child.close();
    assertThat(child.alive()).isFalse();
    assertThat(child.status()).isEqualTo(128 + 9);
    assertThat(ledger.open()).isEmpty();
  }

  @Test
  void childCommandStartsAJvmThatRunsSluice() throws Exception {
    List<String> words =
        new ChildCommand(
                "probe",
                64 << 20,
                List.of("-XX:TieredStopAtLevel=1"),
                java.nio.file.Path.of("target"),
                List.of("no-such-command"),
                Map.of())
            .words();
    try (ChildProcess child =
        ChildProcess.start("probe", words, Map.of(), lines::add, notices::add, ledger)) {
      assertThat(child.await(Deadline.in(Duration.ofSeconds(30)))).isTrue();
      child.awaitLines(soon());
      assertThat(lines).singleElement().asString().startsWith("sluice: unknown: no-such-command");
      assertThat(child.status()).isEqualTo(1);
    }
  }

  private ChildProcess start(String script) throws IOException {
    return ChildProcess.start(
        "child", List.of("sh", "-c", script), Map.of(), lines::add, notices::add, ledger);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(10));
  }
}
