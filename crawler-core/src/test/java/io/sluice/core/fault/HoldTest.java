package io.sluice.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path dir;

  @Test
  void theChosenArrivalIsHeldUntilItIsToldToGo() throws Exception {
    Hold hold = new Hold(KillPoint.COMMITTED, 2, dir, LONG);
    hold.at(KillPoint.COMMITTED);
    hold.at(KillPoint.SEALED);
    assertThat(dir.resolve("COMMITTED.reached")).doesNotExist();

    Thread held = Thread.ofPlatform().start(() -> hold.at(KillPoint.COMMITTED));
    await().atMost(LONG).until(() -> Files.exists(dir.resolve("COMMITTED.reached")));
    assertThat(Files.readString(dir.resolve("COMMITTED.reached")))
        .isEqualTo(String.valueOf(ProcessHandle.current().pid()));
    assertThat(held.join(Duration.ofMillis(50))).isFalse();

    Files.createFile(dir.resolve("COMMITTED.go"));
    assertThat(held.join(LONG)).isTrue();
  }

  @Test
  void aDirectoryHoldsOnceHoweverManyProcessesReachThePoint() throws Exception {
    Files.createFile(dir.resolve("SEALED.reached"));
    Hold ofARestartedProcess = new Hold(KillPoint.SEALED, 1, dir, LONG);
    Thread other = Thread.ofPlatform().start(() -> ofARestartedProcess.at(KillPoint.SEALED));
    assertThat(other.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void aHeldThreadOutlivesItsInterruptionAndItsTestButNotItsBound() {
    Thread.currentThread().interrupt();
    new Hold(KillPoint.PARSING, 1, dir, Duration.ofMillis(20)).at(KillPoint.PARSING);
    assertThat(Thread.interrupted()).as("interrupted still").isTrue();
  }

  @Test
  void nothingIsArmedWithoutThePropertyAndAMistakeInItIsRefused() {
    assertThat(Hold.parse(null)).isNull();
    assertThatThrownBy(() -> Hold.parse("SEALED:1")).hasMessageContaining("POINT:N:DIRECTORY");
    assertThatThrownBy(() -> Hold.parse("NOWHERE:1:/")).hasMessageContaining("NOWHERE");
    assertThatThrownBy(() -> Hold.parse("SEALED:x:/")).isInstanceOf(NumberFormatException.class);
  }
}
