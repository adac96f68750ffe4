package io.sluice.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.launcher.process.CannotStart;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrawlLockTest {

  private final OpenEntries ledger = new OpenEntries();

  @TempDir Path dir;

  @Test
  void secondOwnerIsRefusedWithTheFirstOnesPid() throws Exception {
    Path file = dir.resolve("crawl.lock");
    try (CrawlLock first = CrawlLock.take(file, dir, ledger)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> CrawlLock.take(file, dir, ledger))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("pid " + ProcessHandle.current().pid());
    }
    assertThat(ledger.open()).isEmpty();
  }

  @Test
  void fileOfADeadOwnerIsTakenOver() throws Exception {
    Path file = dir.resolve("crawl.lock");
    Files.writeString(file, "4194305\n");
    try (CrawlLock lock = CrawlLock.take(file, dir, ledger)) {
      assertThat(lock).isNotNull();
      assertThat(file).content().startsWith(ProcessHandle.current().pid() + "\n");
    }
  }
}
