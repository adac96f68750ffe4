package io.sluice.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.resource.ResourceLedger;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrawlLockTest {

  private final ResourceLedger ledger = new ResourceLedger();

  @TempDir Path dir;

  @Test
  void secondOwnerIsRefusedWithTheFirstOnesPid() throws Exception {
    CrawlFiles files = prepared();
    try (CrawlLock first = CrawlLock.take(files, ledger)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> CrawlLock.take(files, ledger))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
    }
    assertThat(ledger.open()).isEmpty();
  }

  @Test
  void fileOfADeadOwnerIsTakenOver() throws Exception {
    CrawlFiles files = prepared();
    Files.writeString(files.lock(), "4194305\n");
    try (CrawlLock lock = CrawlLock.take(files, ledger)) {
      assertThat(lock).isNotNull();
      assertThat(files.lock()).content().startsWith(ProcessHandle.current().pid() + "\n");
    }
  }

  private CrawlFiles prepared() throws CannotStart {
    CrawlFiles files = new CrawlFiles(dir);
    files.prepare();
    return files;
  }
}
