package io.sluice.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.testing.TestLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DirectoryLockTest {

  @TempDir Path dir;
  private final TestLedger ledger = new TestLedger();

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aSecondAttemptInTheSameProcessDoesNotOpenTheDirectoryToOthers() throws Exception {
    try (DirectoryLock held = DirectoryLock.take(dir, ledger)) {
      assertThatThrownBy(() -> DirectoryLock.take(dir, ledger))
          .isInstanceOf(FrontierInUseException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid() + ", started ");
      try (ChildJvm other = ChildJvm.start(Taker.class, dir.toString())) {
        assertThat(line(other))
            .startsWith(dir.toRealPath() + ": in use by process " + ProcessHandle.current().pid())
            .contains(", started ");
      }
      assertThat(held).isNotNull();
    }
  }

  @Test
  void anotherPathToALockedDirectoryIsRefusedToo() throws IOException {
    Path link = Files.createSymbolicLink(dir.resolve("link"), dir);
    try (DirectoryLock held = DirectoryLock.take(dir, ledger)) {
      assertThatThrownBy(() -> DirectoryLock.take(link, ledger))
          .isInstanceOf(FrontierInUseException.class);
      assertThat(held).isNotNull();
    }
  }

  @Test
  void aLiveOwnerIsNamedAndADeadOnesLockIsTaken() throws Exception {
    try (ChildJvm owner = ChildJvm.start(Taker.class, dir.toString())) {
      assertThat(line(owner)).isEqualTo("taken");
      assertThatThrownBy(() -> DirectoryLock.take(dir, ledger))
          .isInstanceOf(FrontierInUseException.class)
          .hasMessageContaining("in use by process " + owner.pid() + ", started ");
      owner.kill();
      assertThat(dir.resolve("lock")).content().startsWith("process " + owner.pid());

      DirectoryLock.take(dir, ledger).close();
    }
  }

  @Test
  void aReleasedDirectoryCanBeTakenAgain() throws IOException {
    DirectoryLock.take(dir, ledger).close();
    DirectoryLock.take(dir, ledger).close();
  }

  private static String line(ChildJvm child) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = child.output().read(); next > '\n'; next = child.output().read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  /**
   * Takes a directory's lock, reports success and keeps the lock; or reports why it cannot take it.
   */
  static final class Taker {
    private Taker() {}

    /** Runs until its input ends. */
    public static void main(String[] args) throws IOException {
      String answer = "taken";
      try {
        DirectoryLock.take(Path.of(args[0]), new TestLedger());
      } catch (FrontierInUseException e) {
        answer = String.valueOf(e.getMessage());
      }
      System.out.write((answer + "\n").getBytes(StandardCharsets.UTF_8));
      System.out.flush();
      while (System.in.read() >= 0) {
        // wait until the test is over
      }
    }
  }
}
