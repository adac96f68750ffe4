package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stop that is requested before anything has begun. */
@Alone
class EarlyStopTest {

  @TempDir Path dir;

  /** The config is a pipe, whose opening shows that the process has only just begun. */
  @ParameterizedTest
  @ValueSource(strings = {"run", "fetcher", "parser"})
  void aStopWhileTheConfigIsReadEndsWithStatusZeroAndMakesNothing(String command) throws Exception {
    Path config = dir.resolve("crawl.yaml");
    Process mkfifo = new ProcessBuilder("mkfifo", config.toString()).start();
    assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
    try (SluiceProcess starting =
            SluiceProcess.start(dir.resolve("out.txt"), Map.of(), command, config.toString());
        OutputStream opened = Files.newOutputStream(config)) {
      opened.flush(); // a process is reading the pipe now
      starting.terminate();
      assertThat(starting.exitWithin(Duration.ofSeconds(30))).as(starting.output()).isZero();
      assertThat(starting.output()).isEmpty();
    }
  }
}
