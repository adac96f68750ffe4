package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.testing.Json;
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

/** At every moment of a crawl each descriptor has an owner, and each owner its descriptor. */
class CensusTest {

  private static final List<String> PROCESSES = List.of("fetcher", "parser-1");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  /** What one look at a process's pages found wrong, and how many looks there were. */
  private static final class Findings {
    private final List<String> wrong = new ArrayList<>();
    private int looks;
    private int looksWhileFetching;
  }

  @Test
  void fromItsStartToItsEndACrawlOwnsEachDescriptorAndEachEntryHasOne() throws Exception {
    Findings findings = new Findings();
    try (GeneratedWeb web = GeneratedWeb.start(4, 60);
        HttpClient http = HttpClient.newHttpClient()) {
      CrawlYaml yaml = CrawlYaml.in(dir).with("output:\n  rotate-size: 64 KiB\n");
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
  }

  /**
   * A few seconds of a crawl, in files so small that they are sealed and begun anew all the time.
   */
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
      Thread.onSpinWait(); // Not up yet, or gone already: the next look tells.
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
