package io.sluice.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.supervise.CrawlLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {

  private static final String GOOD =
      """
      crawl:
        dir: DIR/crawl
        seeds: ["http://example.test/"]
        user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path dir;

  @Test
  void goodConfigIsSummedUp() throws IOException {
    assertThat(check(GOOD)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("crawl.yaml: OK", "1 seed\n", "registered domains");
    assertThat(dir.resolve("crawl")).as("nothing is made").doesNotExist();
  }

  @Test
  void theDirectoryIsSaidWholeAndWhetherACrawlIsThere() throws IOException {
    assertThat(check(GOOD.replace("DIR/crawl", "./no-such-crawl"))).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains(" in " + Path.of("no-such-crawl").toAbsolutePath() + " (new), ");
    Files.createDirectories(dir.resolve("crawl/frontier"));
    assertThat(check(GOOD)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("/crawl (continues the crawl there), 1 seed");
  }

  @Test
  void aContactThatLeadsNowhereIsRefusedForSitesOfOthers() throws IOException {
    String placeholder = GOOD.replace("tests@sluice.test", "me@example.org");
    assertThat(check(placeholder)).as("a reserved name does not belong to others").isZero();
    assertThat(check(placeholder.replace("http://example.test/", "https://docs.python.org/")))
        .isEqualTo(1);
    assertThat(err.toString())
        .contains("crawl.user-agent=SluiceTest/1.0 (+mailto:me@example.org): the operators of ")
        .contains("docs.python.org cannot reach you there")
        .hasLineCount(1);
  }

  @Test
  void aUrlsSettingsAreExplainedByTheRulesThatDecideThem() throws IOException {
    String rules =
        GOOD
            + """
            politeness: { delay: 2s }
            hosts:
              - { match: "*.example.test", delay: 5s, max-pages: 1000 }
              - { match: shop.example.test, delay: 90s, priority: low }
            """;
    assertThat(check(rules, "--explain", "http://shop.example.test/a")).as(err.toString()).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            http://shop.example.test/a
              scope        taken at depth 0
              delay        1m 30s     hosts[1] (shop.example.test)
              connections  1          politeness.connections-per-host
              max-pages    1,000      hosts[0] (*.example.test)
              max-depth    50         scope.max-depth
              priority     low        hosts[1] (shop.example.test)
              robots       obey       politeness.robots
            """);
    out.getBuffer().setLength(0);
    assertThat(check(rules, "--explain=http://other.test/", "--depth=51")).isZero();
    assertThat(out.toString())
        .contains("  scope        refused at depth 51: too-deep (scope.max-depth")
        .contains("  delay        2.0s       politeness.delay");
    assertThat(check(rules, "--explain", "shop.example.test")).isEqualTo(1);
    assertThat(err.toString()).contains("shop.example.test").hasLineCount(1);
  }

  @Test
  void aRuleThatALaterOneReplacesIsNoted() throws IOException {
    String rules =
        GOOD
            + """
            hosts:
              - { match: shop.example.test, delay: 9s }
              - { match: "*.example.test", delay: 5s }
            """;
    assertThat(check(rules)).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("  note     hosts[0].delay (shop.example.test) has no effect: hosts[1] ");
  }

  @Test
  void everyProblemHasALine() throws IOException {
    assertThat(check(GOOD + "politeness: { dellay: 1s }\nfetcher: { max-body: 3 stones }\n"))
        .isEqualTo(1);
    assertThat(err.toString().lines())
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).contains("crawl.yaml:5", "dellay", "delay"))
        .anySatisfy(line -> assertThat(line).contains("crawl.yaml:6", "max-body", "3 stones"));
  }

  @Test
  void whatTheHeapsLowerIsSaid() throws IOException {
    assertThat(check(GOOD + "fetcher: { heap: 64 MiB }\nparser: { heap: 64 MiB }\n")).isZero();
    assertThat(out.toString())
        .contains("  memory   fetcher.heap=64 MiB lowers fetcher.connections 256 -> ")
        .contains("  memory   parser.heap=64 MiB lowers ", "parser.max-inflated 20 MiB -> ");
  }

  @Test
  void heapsThatAreTooSmallForTheBodiesAreRefusedWithWhatIsNeeded() throws IOException {
    assertThat(check(GOOD + "fetcher: { heap: 64 MiB, max-body: 256 MiB }\n")).isEqualTo(1);
    assertThat(err.toString().lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("fetcher.heap=64 MiB: too small for fetcher.max-body=256 MiB")
                    .contains("raise it or lower fetcher.max-body"));
  }

  @Test
  void aTemporaryDirectoryThatTakesNoFileIsRefusedAsARunRefusesIt() throws IOException {
    String usual = System.setProperty("java.io.tmpdir", dir.resolve("missing").toString());
    try {
      assertThat(check(GOOD)).isEqualTo(1);
    } finally {
      System.setProperty("java.io.tmpdir", usual);
    }
    assertThat(err.toString())
        .contains("/missing: cannot create a file there")
        .contains("set TMPDIR to another directory")
        .hasLineCount(1);
  }

  @Test
  void directoryThatCannotBeMadeIsNamed() throws IOException {
    Files.writeString(dir.resolve("file"), "");
    assertThat(check(GOOD.replace("DIR/crawl", "DIR/file/crawl"))).isEqualTo(1);
    assertThat(err.toString()).contains("crawl.dir", "cannot be written").hasLineCount(1);
  }

  @Test
  void whatTheCrawlDirectoryFixesIsComparedWithTheConfig() throws IOException {
    Path crawl = Files.createDirectory(dir.resolve("crawl"));
    Files.writeString(crawl.resolve("crawl.properties"), "crawl.name=other\nfrontier.shards=4\n");
    assertThat(check(GOOD)).isEqualTo(1);
    assertThat(err.toString()).contains("crawl.name", "set it to other").hasLineCount(1);
  }

  @Test
  void seedsOfTheFileAreCountedAndItsBadLinesNamed() throws IOException {
    Path seeds = dir.resolve("seeds.txt");
    String config = GOOD.replace("seeds: [", "seeds-file: " + seeds + "\n  seeds: [");
    Files.writeString(seeds, "# two\nhttp://a.test/\nhttp://b.test/\n");
    assertThat(check(config)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("3 seeds");

    Files.writeString(seeds, "http://a.test/\nmailto:b@c.test\n");
    assertThat(check(config)).isEqualTo(1);
    assertThat(err.toString()).contains("seeds.txt:2").hasLineCount(1);
  }

  @Test
  void everySeedThatIsRefusedHasALineOfTheFileToo() throws IOException {
    Path seeds = Files.writeString(dir.resolve("seeds.txt"), "\nhttp://example.test:81/\n");
    String config =
        GOOD.replace("seeds: [", "seeds-file: " + seeds + "\n  seeds: [\"http://b.test/\", ")
            + "scope: { domains: [example.test] }\n";
    assertThat(check(config)).isEqualTo(1);
    assertThat(err.toString())
        .hasLineCount(2)
        .contains("crawl.seeds[0]=http://b.test/: b.test is in none of scope.domains")
        .contains("seeds.txt:2: seed=http://example.test:81/: port 81 is not in fetcher.addresses");
  }

  @Test
  void aLocalSeedNeedsNothingElse() throws IOException {
    assertThat(check(GOOD.replace("http://example.test/", "http://127.0.0.1:8000/"))).isZero();
  }

  @Test
  void aCrawlThatRunsInTheDirectoryIsNamed() throws Exception {
    try (CrawlLock _ = CrawlLock.take(new CrawlFiles(dir.resolve("crawl")))) {
      assertThat(check(GOOD)).isEqualTo(1);
    }
    assertThat(err.toString())
        .hasLineCount(1)
        .contains("/crawl: in use by process " + ProcessHandle.current().pid());
  }

  @Test
  void singleProcessNeedsARedisOfItsOwn() throws IOException {
    for (String command : new String[] {"fetcher", "parser"}) {
      assertThat(execute(command, GOOD)).isEqualTo(1);
    }
    assertThat(err.toString().lines())
        .hasSize(2)
        .allSatisfy(
            line -> assertThat(line).startsWith("sluice: redis.uri=embedded: only 'sluice run'"));
  }

  private int check(String yaml, String... options) throws IOException {
    return execute("check", yaml, options);
  }

  private int execute(String command, String yaml, String... options) throws IOException {
    Path config = Files.writeString(dir.resolve("crawl.yaml"), yaml.replace("DIR", dir.toString()));
    List<String> words = new ArrayList<>(List.of(command, config.toString()));
    words.addAll(List.of(options));
    return SluiceCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(words.toArray(String[]::new));
  }
}
