package io.sluice.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages between a supervisor and its children survive being written and parsed. */
class NoticeTest {

  @Test
  void aNoticeIsReadAsItWasWrittenAndOtherLinesAreNone() {
    for (Notice notice :
        List.of(
            new Notice.Signalled("sigterm"),
            new Notice.Stopping("max-pages"),
            new Notice.Reported(Path.of("/tmp/a report.json")))) {
      assertThat(Notice.parse(notice.line())).contains(notice);
    }
    assertThat(List.of("", "sluice: stopping x", "sluice-child: ", "sluice-child: hello you"))
        .allSatisfy(line -> assertThat(Notice.parse(line)).isEmpty());
  }

  @Test
  void anOrderIsReadAsItWasWrittenAndOtherLinesAreNone() {
    for (Order order :
        List.of(
            new Order.Stop("sigterm", Duration.ofSeconds(20), true),
            new Order.Stop("fetcher ended with 2", Duration.ZERO, false),
            new Order.Insist())) {
      assertThat(Order.parse(order.line())).contains(order);
    }
    assertThat(List.of("", "stop", "stop 5", "drain five x", "NOW", "now "))
        .allSatisfy(line -> assertThat(Order.parse(line)).isEmpty());
  }
}
