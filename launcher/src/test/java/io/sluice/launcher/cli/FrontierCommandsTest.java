package io.sluice.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.ConfigCopy;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.frontier.Frontier;
import io.sluice.launcher.process.CrawlFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that inspect a frontier, as a user runs them. */
class FrontierCommandsTest {

  private static final String CONFIG =
      """
      crawl:
        dir: DIR/crawl
        seeds: ["http://a.test/"]
        user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
      scope:
        domains: ["a.test", "b.test"]
        max-depth: 3
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path dir;
  private Path crawl = Path.of("");
  private Path config = Path.of("");

  @BeforeEach
  void aStoppedCrawlOfTwentyUrls() throws Exception {
    crawl = dir.resolve("crawl");
    config = dir.resolve("crawl.yaml");
    Files.writeString(config, CONFIG.replace("DIR", dir.toString()));
    open().close();
    List<String> lines =
        IntStream.range(0, 20)
            .mapToObj(i -> "http://" + (i % 2 == 0 ? "a" : "b") + ".test/" + i)
            .toList();
    Files.write(dir.resolve("urls.txt"), lines);
    assertThat(run("frontier", "import", config, dir.resolve("urls.txt")))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .contains("20 accepted, 0 seen before, 0 refused, 0 lines are not URLs");
    out.getBuffer().setLength(0);
  }

  @Test
  void statsShowsSumsAndShards() {
    assertThat(run("frontier", "stats", crawl)).isZero();
    assertThat(out.toString())
        .containsPattern("owner +nobody")
        .containsPattern("queued +20 ")
        .containsPattern("hosts +2 \\(first 2, proven 0, ")
        .contains("shard", "generation");
    assertThat(out.toString().lines().takeWhile(line -> !line.isEmpty()))
        .as("the sums, whose values begin in one column")
        .allSatisfy(line -> assertThat(line).matches("[a-z ]{11} \\S.*"));
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "stats", crawl, "--json")).isZero();
    assertThat(out.toString())
        .contains("\"owner\":null", "\"queued\":20", "\"shards\":[{\"shard\":0");
  }

  @Test
  void listShowsAHostsUrlsInOrderUpToALimit() {
    assertThat(run("frontier", "list", "a.test", crawl, "--limit", "2")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "a.test: 10 queued, 0 to retry, 0 leased, 0 pages; no crawl-delay known",
            "first: it has not answered yet",
            "      1  normal  depth 0  attempts 0  http://a.test/0",
            "      2  normal  depth 0  attempts 0  http://a.test/2",
            "… and 8 more");
    assertThat(run("frontier", "list", "c.test", crawl)).isEqualTo(1);
    assertThat(err.toString()).contains("c.test: the frontier has never had a URL").hasLineCount(1);
  }

  @Test
  void explainSaysWhereAUrlIsAndWhatTheScopeSays() {
    assertThat(run("frontier", "explain", "HTTP://A.test:80/4#top", crawl)).isZero();
    assertThat(out.toString())
        .startsWith("http://a.test/4\nqueued: number 3 of 10 at its host, priority normal\n")
        .contains("via       - (a seed)");
    out.getBuffer().setLength(0);
    assertThat(
            run(
                "frontier",
                "explain",
                "http://a.test/new",
                crawl,
                "--config",
                config,
                "--depth",
                "9"))
        .isZero();
    assertThat(out.toString())
        .contains(
            "never seen",
            "refuses it at depth 9: too-deep (scope.max-depth, or that of a rule of hosts)");
    assertThat(run("frontier", "explain", "ftp://a.test/\u001b[2J", crawl)).isEqualTo(1);
    assertThat(err.toString()).contains("is not a URL").doesNotContain("\u001b").hasLineCount(1);
  }

  @Test
  void explainSaysWhatDoesNotHoldTodayOfTheLastRunsConfig() throws Exception {
    Path left = new CrawlFiles(crawl).lastConfig();
    Files.createDirectories(left.getParent());
    Files.writeString(
        left,
        ConfigCopy.of(config, Map.of())
            .replaceFirst(
                "\"crawl\" : \\{", "\"crawl\" : { \"seeds-file\" : \"/gone/seeds.txt\","));
    assertThat(run("frontier", "explain", "http://other.example/", crawl)).isZero();
    assertThat(out.toString())
        .contains("never seen")
        .contains(
            "scope: the last run's config no longer loads (" + left + ":",
            "crawl.seeds-file=/gone/seeds.txt: there is no such file",
            "); name another with --config CONFIG");
  }

  @Test
  void explainGoesByTheConfigOfTheLastRunWhereItIsGivenNone() throws Exception {
    assertThat(run("frontier", "explain", "http://other.example/", crawl)).isZero();
    assertThat(out.toString()).contains("never seen", "scope: unknown; name the config");
    out.getBuffer().setLength(0);

    Path left = new CrawlFiles(crawl).lastConfig();
    Files.createDirectories(left.getParent());
    Files.writeString(left, ConfigCopy.of(config, Map.of("SLUICE_SCOPE_MAX_DEPTH", "7")));
    assertThat(run("frontier", "explain", "http://other.example/", crawl)).isZero();
    assertThat(out.toString())
        .contains("never seen")
        .endsWith(
            "scope: the last run's config refuses it at depth 0: out-of-domain (scope.domains)\n");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "explain", "http://a.test/x", crawl, "--depth", "7")).isZero();
    assertThat(out.toString()).endsWith("scope: the last run's config takes it at depth 7\n");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "explain", "http://a.test/x", config, "--depth", "7")).isZero();
    assertThat(out.toString())
        .as("the config that names the directory is today's")
        .contains("scope: the config refuses it at depth 7: too-deep");
  }

  @Test
  void explainSaysThatTheDepthOfAUrlThatWasNeverSeenIsAGuess() {
    assertThat(run("frontier", "explain", "http://a.test/deep", config)).isZero();
    assertThat(out.toString())
        .endsWith(
            "scope: the config takes it at depth 0; --depth=N judges it as N links from a seed"
                + " (scope.max-depth=3)\n");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "explain", "http://a.test/deep", config, "--depth", "1")).isZero();
    assertThat(out.toString()).endsWith("scope: the config takes it at depth 1\n");
  }

  @Test
  void explainNamesTheUrlThatIsTakenInstead() {
    String url = "http://a.test/page?utm_source=x";
    assertThat(run("frontier", "explain", url, crawl, "--config", config)).isZero();
    assertThat(out.toString()).contains("the config takes it as http://a.test/page at depth 0; ");
  }

  @Test
  void prioritiesAndTagsAreImportedAndExportedAsASeedsFileHasThem() throws Exception {
    Path file = dir.resolve("seeds.txt");
    Files.writeString(
        file,
        """
        http://a.test/soon priority=high tag=news
        http://a.test/bad\tpriority=soon
        http://a.test/worse\ttag=a/b
        """);
    assertThat(run("frontier", "import", config, file)).isEqualTo(1);
    assertThat(out.toString()).contains("1 accepted", "2 lines are not URLs");
    assertThat(err.toString())
        .contains(
            "priority=soon: must be one of urgent, high, normal, low",
            "tag=a/b: must be at most 64 letters");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "list", "a.test", crawl, "--limit", "1")).isZero();
    assertThat(out.toString()).contains("1  high    depth 0  attempts 0  http://a.test/soon");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "export", crawl, "--plain")).isZero();
    assertThat(out.toString().lines())
        .hasSize(21)
        .contains("http://a.test/soon\tpriority=high\ttag=news", "http://a.test/4");
  }

  @Test
  void whatWasExportedCanBeImportedElsewhere() throws Exception {
    Path file = dir.resolve("out.txt");
    assertThat(run("frontier", "export", crawl, "--output", file)).isZero();
    assertThat(Files.readAllLines(file))
        .hasSize(20)
        .contains("http://a.test/4\tdepth=0\tattempts=0");
    assertThat(run("frontier", "export", crawl, "--output", file)).isEqualTo(1);
    assertThat(err.toString()).contains("out.txt: file already exists");
    Files.writeString(
        file,
        "no url\nhttp://c.test/\nhttp://a.test/deep\tdepth=4\n",
        java.nio.file.StandardOpenOption.APPEND);
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "import", config, file)).isEqualTo(1);
    assertThat(out.toString())
        .contains("0 accepted, 20 seen before, 2 refused, 1 lines are not URLs")
        .containsPattern("out-of-domain +1")
        .containsPattern("too-deep +1");
  }

  @Test
  void verifyTellsDamageAndRepairMendsIt() throws Exception {
    assertThat(run("frontier", "verify", crawl)).isZero();
    assertThat(out.toString()).contains("20 waiting URLs", " 0 problems");
    try (var files = Files.walk(crawl.resolve("frontier"))) {
      for (Path journal :
          files.filter(file -> file.getFileName().toString().startsWith("journal")).toList()) {
        Files.delete(journal);
      }
    }
    assertThat(run("frontier", "verify", crawl)).isEqualTo(1);
    assertThat(out.toString()).contains(": is missing");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "verify", crawl, "--repair")).as(out.toString()).isZero();
    assertThat(out.toString()).contains("4 shards repaired", " 0 problems");
  }

  @Test
  void purgeTakesAHostOutAndARunningCrawlIsRefused() throws Exception {
    assertThat(run("purge", "b.test", crawl, "--dry-run")).isZero();
    assertThat(out.toString())
        .contains("b.test: would be removed")
        .containsPattern("queued URLs +10");
    out.getBuffer().setLength(0);
    try (Frontier running = open()) {
      assertThat(running.stats().queued()).isEqualTo(20);
      assertThat(run("purge", "b.test", crawl)).isEqualTo(1);
      assertThat(err.toString())
          .contains("in use by process " + ProcessHandle.current().pid())
          .hasLineCount(1);
    }
    assertThat(run("purge", "b.test", crawl)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("b.test: removed").containsPattern("queued URLs +10");
    out.getBuffer().setLength(0);
    assertThat(run("frontier", "explain", "http://b.test/1", crawl)).isZero();
    assertThat(out.toString()).contains("done: refused, purged, at ");
  }

  @Test
  void theConfigNamesTheDirectory() throws Exception {
    try (Frontier made = open()) {
      assertThat(made.stats().queued()).isGreaterThanOrEqualTo(0);
    }
    assertThat(run("frontier", "stats", config)).as(err.toString()).isZero();
    Path broken = Files.writeString(dir.resolve("broken.yaml"), "crawl: [");
    assertThat(run("frontier", "stats", broken)).isEqualTo(1);
    assertThat(err.toString()).contains("broken.yaml").hasLineCount(1);
  }

  @Test
  void mistakesAreOneLine() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "");
    for (String command : List.of("stats", "verify", "export")) {
      assertThat(run("frontier", command, dir.resolve("nowhere"))).as(command).isEqualTo(1);
      assertThat(run("frontier", command, file)).as(command).isEqualTo(1);
    }
    assertThat(run("purge", "http://b.test/", crawl)).isEqualTo(1);
    assertThat(err.toString().lines())
        .hasSize(7)
        .allSatisfy(line -> assertThat(line).startsWith("sluice: "));
  }

  private Frontier open() throws IOException {
    try {
      return Frontier.open(
          ConfigFile.load(config), crawl, new ResourceLedger(), new SimpleMeterRegistry());
    } catch (io.sluice.launcher.process.CannotStart e) {
      throw new AssertionError(e);
    }
  }

  private int run(Object... words) {
    String[] arguments =
        java.util.Arrays.stream(words).map(Object::toString).toArray(String[]::new);
    return SluiceCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(arguments);
  }
}
