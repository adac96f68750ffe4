package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.it.web.PolitenessOracle.Verdict;
import io.sluice.it.web.ScriptedWeb;
import io.sluice.it.web.ScriptedWeb.Talk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The delays that hosts, domains and addresses can rely on, measured by the server's clock without
 * a margin.
 */
class PolitenessTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void robotsFilesThatRedirectToOneHubAskItByItsClock() throws Exception {
    Queue<String> atTheHub = new ConcurrentLinkedQueue<>();
    ScriptedWeb.Script robots =
        talk -> {
          if (talk.host().equals("hub")) {
            talk.head(404, "text/plain", 0);
          } else { // each to its own URL, so that no robots.txt is shared
            talk.redirect(talk.peer("hub", "/robots.txt?of=" + talk.host()));
          }
        };
    try (ScriptedWeb web = ScriptedWeb.start(robots, aPageEachAndAHub(atTheHub))) {
      CrawlYaml yaml = CrawlYaml.in(dir).delay("300ms");
      IntStream.range(1, 12).forEach(host -> yaml.seed(web.url("h" + host, "/")));
      crawl(web, yaml, web.url("h0", "/"));
      assertThat(atTheHub).hasSize(12).doesNotHaveDuplicates();
      assertThat(yaml.crawlDir().pages()).hasSize(12);
    }
  }

  /**
   * Serves one page on each host except the hub, which has no page and whose requests are recorded.
   */
  private static ScriptedWeb.Script aPageEachAndAHub(Queue<String> atTheHub) {
    return talk -> {
      if (talk.host().equals("hub")) {
        atTheHub.add(talk.path());
        talk.head(404, "text/plain", 0);
      } else {
        talk.links(List.of());
      }
    };
  }

  @Test
  void robotsFilesThatRedirectToOneFileShareIt() throws Exception {
    Queue<String> atTheHub = new ConcurrentLinkedQueue<>();
    ScriptedWeb.Script robots = talk -> talk.redirect(talk.peer("hub", "/common.txt"));
    try (ScriptedWeb web = ScriptedWeb.start(robots, aPageEachAndAHub(atTheHub))) {
      CrawlYaml yaml = CrawlYaml.in(dir).delay("300ms");
      IntStream.range(1, 60).forEach(host -> yaml.seed(web.url("h" + host, "/")));
      crawl(web, yaml, web.url("h0", "/"));
      assertThat(atTheHub).as("one of each lane at most").hasSizeBetween(1, 2);
      assertThat(yaml.crawlDir().pages()).hasSize(60);
    }
  }

  @Test
  void aRetryAfterIsObeyedAcrossAKilledProcess() throws Exception {
    Queue<String> asked = new ConcurrentLinkedQueue<>();
    ScriptedWeb.Script busyOnce =
        talk -> {
          asked.add(talk.path());
          if (asked.size() == 1) {
            talk.busy(12);
          } else {
            talk.links(List.of());
          }
        };
    try (ScriptedWeb web = ScriptedWeb.start(busyOnce)) {
      // A second page, so that the host has another URL besides the retry, which waits in any case.
      CrawlYaml yaml = CrawlYaml.in(dir).delay("100ms").seed(web.url("h", "/other"));
      Path config = yaml.write(web.url("h", "/"), "test", web.port(), web.nameServer(), "");
      try (SluiceProcess first =
          SluiceProcess.start(dir.resolve("first.txt"), Map.of(), "run", config.toString())) {
        first.awaitRunning(() -> !asked.isEmpty());
        Deadline.in(PATIENCE).pause(Duration.ofSeconds(1)); // gives the visit time to be journaled
        first.handle().destroyForcibly();
        first.exitWithin(PATIENCE);
      }
      crawl(web, yaml, web.url("h", "/"));
      assertThat(asked).hasSize(3);
      assertThat(verdicts(web, config).get("retry-after"))
          .extracting(Verdict::requests)
          .isEqualTo(1);
      try (SluiceProcess report =
          SluiceProcess.start(
              dir.resolve("report.txt"),
              Map.of(),
              "report",
              "--politeness",
              "--config",
              config.toString(),
              yaml.crawlDir().path().toString())) {
        assertThat(report.exitWithin(PATIENCE)).as(report.output()).isZero();
        assertThat(report.output())
            .as("robots.txt at each start, two pages and a retry")
            .containsPattern("h\\.test +5 +\\S+ s +\\S+ s +0\\.100 s +1 of 1");
      }
    }
  }

  /** All delays at the same time; {@code bench/polite} prints the table. */
  @Test
  void noHostDomainOrAddressIsAskedEarly() throws Exception {
    int hosts = Integer.getInteger("sluice.polite.hosts", 12);
    Queue<String> busy = new ConcurrentLinkedQueue<>();
    ScriptedWeb.Script robots =
        talk -> {
          int host = number(talk);
          if (host % 3 == 0) {
            talk.redirect(talk.peer(name(host + 1), "/robots.txt"));
          } else {
            talk.head(404, "text/plain", 0);
          }
        };
    ScriptedWeb.Script pages =
        talk -> {
          int host = number(talk);
          if (host % 5 == 1 && !busy.contains(talk.host())) {
            busy.add(talk.host());
            talk.busy(2);
          } else if (talk.path().equals("/")) {
            talk.links(
                List.of(
                    "/1",
                    "/2",
                    talk.peer(name((host + 1) % hosts), "/"),
                    talk.peer(name((host + 2) % hosts), "/")));
          } else {
            talk.links(List.of());
          }
        };
    try (ScriptedWeb web = ScriptedWeb.start(robots, pages)) {
      CrawlYaml yaml =
          CrawlYaml.in(dir).delay("400ms\n  domain-delay: 100ms\n  address-delay: 30ms");
      Path config = crawl(web, yaml, web.url(name(0), "/"));
      assertThat(yaml.crawlDir().pages()).hasSize(hosts * 3);
      Map<String, Verdict> verdicts = verdicts(web, config);
      System.out.printf("%-12s %9s %6s %12s%n", "clock", "requests", "early", "least slack");
      verdicts.forEach(
          (clock, verdict) ->
              System.out.printf(
                  "%-12s %9d %6d %12s%n",
                  clock,
                  verdict.requests(),
                  verdict.early().size(),
                  verdict.leastSlack() == null
                      ? "-"
                      : "%.3f ms".formatted(verdict.leastSlack().toNanos() / 1e6)));
      assertThat(verdicts).allSatisfy((_, verdict) -> assertThat(verdict.early()).isEmpty());
    }
  }

  /** Returns a host's name; three hosts share each registered domain. */
  private static String name(int host) {
    return "h" + host + ".d" + host / 3;
  }

  private static int number(Talk talk) {
    return Integer.parseInt(talk.host().substring(1));
  }

  private Path crawl(ScriptedWeb web, CrawlYaml yaml, String seed)
      throws IOException, InterruptedException {
    Path config = yaml.write(seed, "test", web.port(), web.nameServer(), "");
    try (SluiceProcess run =
        SluiceProcess.start(dir.resolve("output.txt"), Map.of(), "run", config.toString())) {
      assertThat(run.exitWithin(PATIENCE)).as(run.output()).isZero();
    }
    return config;
  }

  private static Map<String, Verdict> verdicts(ScriptedWeb web, Path config) {
    return ConfigLoader.load(config, Map.of(), 2) instanceof LoadResult.Loaded(var loaded)
        ? web.oracle().judge(loaded)
        : Map.of();
  }
}
