package io.sluice.launcher.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.resource.ResourceLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of an export reports whether its target has all pages. */
class PageExportTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ResourceLedger ledger = new ResourceLedger();

  @TempDir Path dir;

  @Test
  void aTargetThatTookAllLeavesNothingToSay() throws Exception {
    assertThat(end(dir.resolve("pages.jsonl").toString(), PATIENCE)).isEmpty();
    assertThat(dir.resolve("pages.jsonl")).hasContent("one\n");
  }

  @Test
  void aTargetThatFailsInTheLastPassIsTold() throws Exception {
    assertThat(end("/dev/full", PATIENCE))
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .startsWith("-o=/dev/full: did not take all of the pages (No space left")
                    .endsWith("; run again for the rest"));
  }

  @Test
  void aDeadlineThatHasPassedIsTold() throws Exception {
    Path pages = dir.resolve("pages.jsonl");
    try (PageExport export = PageExport.open(pages.toString(), config(), ledger)) {
      export.start(() -> held());
      assertThat(export.finish(Deadline.in(Duration.ZERO)))
          .hasValueSatisfying(line -> assertThat(line).contains("(no time was left)"));
    }
  }

  private Optional<String> end(String to, Duration patience) throws Exception {
    Path sealed = Files.createDirectories(dir.resolve("crawl/output/pages"));
    try (GZIPOutputStream page =
        new GZIPOutputStream(Files.newOutputStream(sealed.resolve("a.jsonl.gz")))) {
      page.write("one\n".getBytes(StandardCharsets.UTF_8));
    }
    try (PageExport export = PageExport.open(to, config(), ledger)) {
      export.start(List::of);
      return export.finish(Deadline.in(patience));
    }
  }

  /** Blocks until closing the export interrupts this thread; returns no records. */
  private static <T> List<T> held() {
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.park();
    }
    return List.of();
  }

  private SluiceConfig config() throws IOException {
    Path file = dir.resolve("crawl.yaml");
    Files.writeString(
        file,
        """
        crawl: {name: mine, dir: "%s", seeds: [http://127.0.0.1/], user-agent: "T/1 (+http://t.test/)"}
        """
            .formatted(dir.resolve("crawl")));
    if (ConfigLoader.load(file, Map.of(), 1) instanceof LoadResult.Loaded(SluiceConfig config)) {
      return config;
    }
    throw new AssertionError(ConfigLoader.load(file, Map.of(), 1));
  }
}
