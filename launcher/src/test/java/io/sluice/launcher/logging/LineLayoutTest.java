package io.sluice.launcher.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineLayoutTest {

  @Test
  void eventIsOneLine() {
    assertThat(layout("hello {}", null, "world"))
        .isEqualTo("2026-11-21T06:00:00.000Z INFO  [main] Some: hello world\n");
  }

  @Test
  void controlCharactersCannotForgeALine() {
    assertThat(layout("{}", null, "a\r\n2026 ERROR b\u001b[2J\u0085c\u2028d\u2029"))
        .endsWith("Some: a\\u000d\\n2026 ERROR b\\u001b[2J\\u0085c\\u2028d\\u2029\n")
        .hasLineCount(1);
  }

  @Test
  void controlCharactersInAnExceptionsMessageCannotEither() {
    Exception thrown = new IllegalStateException("x\ny", new IllegalArgumentException("\u001bz"));
    assertThat(layout("failed", thrown).lines())
        .contains("java.lang.IllegalStateException: x\\ny")
        .contains("Caused by: java.lang.IllegalArgumentException: \\u001bz");
  }

  private static String layout(String message, @Nullable Throwable thrown, Object... arguments) {
    Logger logger = new LoggerContext().getLogger("io.sluice.Some");
    LoggingEvent event =
        new LoggingEvent("LineLayoutTest", logger, Level.INFO, message, thrown, arguments);
    event.setInstant(Instant.parse("2026-11-21T06:00:00Z"));
    event.setThreadName("main");
    return new LineLayout().doLayout(event);
  }
}
