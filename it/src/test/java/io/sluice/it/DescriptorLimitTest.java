package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.it.web.GeneratedWeb;
import io.sluice.it.web.ScriptedWeb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Crawls under a hard limit of file descriptors, which no process can raise. The processes fit
 * their pools to the limit when they start.
 */
class DescriptorLimitTest {

  private static final int LIMIT = 256;
  private static final int HOSTS = 300;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @BeforeEach
  void theSystemCanLimitAProcess() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit is not installed");
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc");
  }

  @Test
  void aWideCrawlWithTheDefaultConnectionsRunsWithin256Descriptors() throws Exception {
    try (ScriptedWeb web = ScriptedWeb.start(DescriptorLimitTest::answer)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config =
          yaml.write(web.url("h0", "/0"), "test", web.port(), web.nameServer(), "").toString();
      try (SluiceProcess crawl = limitedTo(LIMIT, "run", config)) {
        LongAccumulator peak = new LongAccumulator(Math::max, 0);
        await()
            .atMost(Duration.ofMinutes(2))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(10))
            .until(
                () -> {
                  peak.accumulate(mostDescriptors(crawl));
                  return !crawl.alive();
                });
        assertThat(crawl.exitWithin(Duration.ofSeconds(1))).as(crawl.output()).isZero();
        assertThat(peak.get()).as("descriptors of one process").isBetween(110L, (long) LIMIT);
        System.out.println("DescriptorLimitTest: " + peak + " descriptors at most");
      }
      Expectations.nothingLeftOpen(yaml.crawlDir());
      assertThat(web.asked()).hasSize(2 * HOSTS).allSatisfy((_, n) -> assertThat(n).isEqualTo(1));
      assertThat(yaml.crawlDir().warcResponses())
          .containsExactlyInAnyOrderElementsOf(web.asked().keySet());
      assertThat(logs(yaml))
          .contains("the limit of 256 open files lowers fetcher.connections 256 -> ")
          .doesNotContainIgnoringCase("too many open files")
          .doesNotContain("no descriptor");
    }
  }

  @Test
  void aLimitThatNotEvenTheLeastFitsInIsToldInOneLineByRunAndByCheck() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(1, 1)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config = yaml.of(web).toString();
      for (String command : List.of("run", "check")) {
        try (SluiceProcess sluice = limitedTo(140, command, config)) {
          assertThat(sluice.exitWithin(Duration.ofSeconds(60))).isEqualTo(1);
          assertThat(sluice.output().lines())
              .filteredOn(line -> line.startsWith("sluice: "))
              .singleElement()
              .asString()
              .matches(
                  "sluice: the limit of 140 open files is too low for the fetcher of crawl it,"
                      + " which needs 1\\d\\d; raise it with ulimit -n, or LimitNOFILE= under"
                      + " systemd");
        }
        Files.delete(dir.resolve("out.txt"));
      }
      assertThat(web.requests()).isEmpty();
    }
  }

  /** Serves a first page that links every host; each host has two pages and answers slowly. */
  private static void answer(ScriptedWeb.Talk talk) throws IOException, InterruptedException {
    List<String> links = new ArrayList<>();
    if (talk.host().equals("h0")) {
      IntStream.range(1, HOSTS).forEach(host -> links.add(talk.peer("h" + host, "/0")));
    }
    links.add("/1");
    talk.pause(talk.host().equals("h0") ? 0 : 300);
    talk.links(links);
  }

  private SluiceProcess limitedTo(int limit, String... args) throws IOException {
    List<String> prlimit = List.of("prlimit", "--nofile=" + limit + ":" + limit, "--");
    return SluiceProcess.startUnder(prlimit, dir.resolve("out.txt"), Map.of(), args);
  }

  /** Returns the highest number of open descriptors in any of the crawl's processes. */
  private static long mostDescriptors(SluiceProcess crawl) {
    List<ProcessHandle> all = new ArrayList<>(crawl.descendants());
    all.add(crawl.handle());
    return all.stream().mapToLong(process -> descriptors(process.pid())).max().orElse(0);
  }

  private static long descriptors(long pid) {
    String[] open = Path.of("/proc", Long.toString(pid), "fd").toFile().list();
    return open == null ? 0 : open.length;
  }

  private static String logs(CrawlYaml yaml) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(yaml.crawlDir().path().resolve("logs"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
        all.append(Files.readString(file, StandardCharsets.UTF_8));
      }
    }
    return all.toString();
  }
}
