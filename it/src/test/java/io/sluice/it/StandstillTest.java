package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * All processes of a crawl are suspended for longer than any of its timeouts and then resumed, as
 * in a paused container or a frozen machine. Nothing may count as late afterwards.
 */
@Alone
class StandstillTest {

  private static final Duration CRAWL = Duration.ofMinutes(2);
  private static final Duration STANDSTILL = Duration.ofSeconds(7);

  /** Timeouts that are shorter than the standstill but long enough for a busy machine. */
  private static final Map<String, String> TIMEOUTS =
      Map.of(
          "SLUICE_FETCHER_TIMEOUTS_FIRST_BYTE", "4s",
          "SLUICE_FETCHER_TIMEOUTS_IDLE", "4s",
          "SLUICE_FETCHER_TIMEOUTS_TOTAL", "5s",
          "SLUICE_PARSER_PAGE_TIMEOUT", "2s",
          "SLUICE_SHUTDOWN_DEADLINE", "5s");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void noRequestTimesOutAndNoParserIsReplacedWhenAllStoodStill() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(4, 60)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      try (SluiceProcess crawl = start(yaml.of(web), "PARSING:20")) {
        crawl.awaitRunning(() -> Files.exists(dir.resolve("PARSING.reached")));
        web.holdBack();
        crawl.awaitRunning(() -> web.heldBack() >= 3);

        standStill(crawl, yaml.crawlDir());

        Files.createFile(dir.resolve("PARSING.go"));
        web.letGo();
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
      Expectations.nothingLeftOpen(yaml.crawlDir());
      assertThat(new Line(yaml.crawlDir().report()).in("processes").in("supervisor").list("parts"))
          .allSatisfy(part -> assertThat(part.number("restarts")).as("%s", part).isZero());
    }
  }

  @Test
  void aStopDuringWhichAllStoodStillIsStillAnOrderlyOne() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(4, 60)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      Path config = yaml.of(web);
      try (SluiceProcess crawl = start(config)) {
        crawl.awaitRunning(() -> web.requests().size() >= 40);
        web.holdBack();
        crawl.awaitRunning(() -> web.heldBack() >= 3);
        crawl.terminate();
        crawl.awaitRunning(() -> yaml.crawlDir().log("fetcher").contains("fetcher is stopping: "));

        standStill(crawl, yaml.crawlDir());

        web.letGo();
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
      }
      Expectations.nothingLeftOpen(yaml.crawlDir());
      assertThat(StopAudit.of(yaml.crawlDir()).forced()).isEmpty();
      try (SluiceProcess crawl = start(config)) {
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  private static void standStill(SluiceProcess crawl, CrawlDir crawlDir) throws Exception {
    List<ProcessHandle> all = new ArrayList<>(List.of(crawl.handle()));
    all.addAll(crawl.descendants());
    all.add(crawlDir.redisServer().orElseThrow());
    assertThat(all).as("supervisor, fetcher, parser, guardian, Redis").hasSize(5);
    for (ProcessHandle process : all) {
      Processes.pause(process.pid());
    }
    Thread.sleep(STANDSTILL); // the kernel's clocks keep running while the processes are suspended
    for (ProcessHandle process : all) {
      Processes.goOn(process.pid());
    }
  }

  private SluiceProcess start(Path config) throws IOException {
    return SluiceProcess.start(dir.resolve("out.txt"), TIMEOUTS, "run", config.toString());
  }

  /** Starts a crawl that holds the n-th arrival at a kill point. */
  private SluiceProcess start(Path config, String point) throws IOException {
    Map<String, String> environment = new HashMap<>(TIMEOUTS);
    environment.put("JAVA_TOOL_OPTIONS", "-Dsluice.kill-point=" + point + ":" + dir);
    return SluiceProcess.start(dir.resolve("out.txt"), environment, "run", config.toString());
  }
}
