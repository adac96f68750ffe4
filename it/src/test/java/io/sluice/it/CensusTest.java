package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.testing.Json;
import io.sluice.core.testing.TestRedis;
import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** At every moment of a crawl, each descriptor has an owner, and each owner has its descriptor. */
class CensusTest {

  private static final List<String> PROCESSES = List.of("fetcher", "parser-1");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  /** The faults found in a process's pages, and how often the pages were checked. */
  private static final class Findings {
    private final List<String> wrong = new ArrayList<>();
    private int looks;
    private int looksWhileFetching;
  }

  @Test
  void fromItsStartToItsEndACrawlOwnsEachDescriptorAndEachEntryHasOne() throws Exception {
    eachDescriptorHasItsOwner(CrawlYaml.in(dir));
  }

  @Test
  void soDoesACrawlWhoseRedisIsReachedByTcpAndByName() throws Exception {
    try (TestRedis redis = TestRedis.start()) {
      eachDescriptorHasItsOwner(CrawlYaml.in(dir).redis(redis.tcpUri()));
    }
  }

  @Test
  void aRunThatIsStoppedBeforeItHasAStatusKnowsHowManyDescriptorsItHad() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(1, 5)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      try (SluiceProcess crawl = start(yaml.of(web))) {
        await()
            .atMost(Duration.ofMinutes(1))
            .pollInterval(Duration.ofMillis(1))
            .until(() -> yaml.crawlDir().log("supervisor").contains("fetcher started"));
        crawl.terminate();
        assertThat(crawl.exitWithin(Duration.ofSeconds(90))).as(crawl.output()).isZero();
        assertThat(crawl.output().lines())
            .filteredOn(line -> line.startsWith("Peak "))
            .singleElement()
            .asString()
            .matches("Peak +[1-9][0-9,]* descriptors");
      }
    }
  }

  /** Treats a crawl's output file as log rotation would. */
  @Test
  void aStandardOutputThatIsRotatedAndRemovedInMidRunIsNoLeak() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(4, 60)) {
      CrawlYaml yaml = CrawlYaml.in(dir).delay("20ms");
      try (SluiceProcess crawl = start(yaml.of(web))) {
        awaitRequests(web, crawl);
        Files.delete(Files.move(dir.resolve("out.txt"), dir.resolve("out.txt.1")));
        assertThat(crawl.exitWithin(Duration.ofSeconds(90))).isZero();
      }
      assertThat(StopAudit.of(yaml.crawlDir()).complaints()).isEmpty();
    }
  }

  /** The crawl must stop, since it can no longer find its files, but must lose nothing. */
  @Test
  void aCrawlDirectoryThatIsRenamedInMidRunIsNoLeak() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(4, 60)) {
      CrawlYaml yaml = CrawlYaml.in(dir).delay("20ms");
      Path config = yaml.of(web);
      Path renamed = dir.resolve("renamed");
      try (SluiceProcess crawl = start(config)) {
        awaitRequests(web, crawl);
        Files.move(yaml.crawlDir().path(), renamed);
        crawl.terminate();
        assertThat(crawl.exitWithin(Duration.ofSeconds(90))).as(crawl.output()).isEqualTo(2);
      }
      for (String process : List.of("supervisor", "fetcher", "parser-1")) {
        assertThat(new CrawlDir(renamed).log(process)).doesNotContainIgnoringCase("unattributed");
      }
      Files.move(renamed, yaml.crawlDir().path());
      try (SluiceProcess crawl = start(config)) {
        assertThat(crawl.exitWithin(Duration.ofSeconds(90))).as(crawl.output()).isZero();
      }
      Expectations.eachPageStoredOnce(web, yaml.crawlDir());
    }
  }

  private SluiceProcess start(Path config) throws IOException {
    return SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config.toString());
  }

  private static void awaitRequests(GeneratedWeb web, SluiceProcess crawl) throws IOException {
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> web.requests().size() >= 40 || !crawl.alive());
    assertThat(crawl.alive()).as(crawl.output()).isTrue();
  }

  private void eachDescriptorHasItsOwner(CrawlYaml yaml) throws Exception {
    Findings findings = new Findings();
    try (GeneratedWeb web = GeneratedWeb.start(4, 60);
        HttpClient http = HttpClient.newHttpClient()) {
      yaml.with("output:\n  rotate-size: 64 KiB\n");
      Path config = slowed(yaml.of(web));
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config.toString())) {
        Deadline until = Deadline.in(Duration.ofMinutes(2));
        while (crawl.alive() && !until.passed()) {
          for (String process : PROCESSES) {
            look(http, yaml.crawlDir(), process, findings);
          }
        }
        assertThat(crawl.exitWithin(Duration.ofSeconds(90))).as(crawl.output()).isZero();
      }
    }
    assertThat(findings.wrong).isEmpty();
    assertThat(findings.looks).isGreaterThan(20);
    assertThat(findings.looksWhileFetching).isGreaterThan(3);
    assertThat(StopAudit.of(yaml.crawlDir()).complaints()).isEmpty();
  }

  /** Adds a delay to a copy of the config, so that the crawl takes a few seconds. */
  private static Path slowed(Path config) throws IOException {
    String yaml = Files.readString(config);
    return Files.writeString(config, yaml.replace("delay: 0s", "delay: 100ms"));
  }

  private static void look(HttpClient http, CrawlDir crawl, String process, Findings findings)
      throws InterruptedException {
    try {
      String base = "http://127.0.0.1:" + crawl.adminPort(process);
      judgeMetrics(process, get(http, base + "/metrics"), findings);
      judgeStatus(process, get(http, base + "/status"), findings);
    } catch (IOException e) {
      Thread.onSpinWait(); // the process is not up yet, or has ended; the loop checks again
    }
  }

  private static void judgeMetrics(String process, String metrics, Findings findings) {
    double open = 0;
    double sum = 0;
    for (String line : metrics.lines().toList()) {
      String name = line.substring(0, Math.max(0, line.lastIndexOf(' ')));
      double value = name.startsWith("sluice_fds") ? number(line) : 0;
      sum += name.startsWith("sluice_fds{") ? value : 0;
      open += name.equals("sluice_fds_open") ? value : 0;
      boolean bad = name.equals("sluice_fds_phantom") || name.contains("\"unattributed\"");
      if (bad && name.startsWith("sluice_fds") && value > 0) {
        findings.wrong.add(process + ": " + line);
      }
      if (name.equals("sluice_fds{kind=\"http\"}") && value > 0) {
        findings.looksWhileFetching++;
      }
    }
    if (open == 0 || sum != open) {
      findings.wrong.add(process + ": " + sum + " by kind of " + open + " that are open");
    }
    findings.looks++;
  }

  private static void judgeStatus(String process, String status, Findings findings) {
    if (!(Json.object(status).get("fds") instanceof Map<?, ?> counted)) {
      throw new AssertionError("no descriptors in " + status);
    }
    if (!List.of().equals(counted.get("strays")) || !List.of().equals(counted.get("phantoms"))) {
      findings.wrong.add(process + ": " + counted);
    }
  }

  private static double number(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ')));
  }

  private static String get(HttpClient http, String url) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
