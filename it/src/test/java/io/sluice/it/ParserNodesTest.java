package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Parsers on separate machines, each with its own directory, on one Redis. */
@ExtendWith(RedisExtension.class)
class ParserNodesTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  private TestRedis redis;

  @BeforeEach
  void own(TestRedis server) {
    redis = server;
  }

  private CrawlYaml yaml(String machine) {
    return CrawlYaml.in(dir.resolve(machine))
        .redis(redis.uri())
        .delay("5ms")
        .with("parser: { processes: 1, threads: 1, batch-pages: 8, batch-time: 20ms }\n");
  }

  @Test
  void twoMachinesOfWhichOneIsKilledAgainAndAgainStoreEachPageOnce() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(4, 150)) {
      CrawlYaml crawl = yaml("crawl");
      CrawlYaml one = yaml("one");
      CrawlYaml two = yaml("two");
      Path parserOne = one.of(web);
      Path parserTwo = two.of(web);
      try (SluiceProcess fetcher = start("fetcher", "fetcher", crawl.of(web));
          SluiceProcess steady = start("one", "parser", parserOne)) {
        for (int life = 1; life <= 3; life++) {
          int requests = life * 120;
          Set<Path> before = parts(two);
          try (SluiceProcess killed = start("two-" + life, "parser", parserTwo)) {
            fetcher.awaitRunning(
                () -> web.requests().size() >= requests && !before.containsAll(parts(two)));
            web.holdBack(); // so that pages are left for the next parser
            killed.handle().destroyForcibly();
            Processes.awaitEnd(killed.handle(), LONG);
            web.letGo();
          }
        }
        try (SluiceProcess last = start("two", "parser", parserTwo)) {
          assertThat(fetcher.exitWithin(LONG)).as(fetcher.output()).isZero();
          end(last);
        }
        end(steady);
      }
      assertThat(web.fetchesByPage().keySet()).containsExactlyInAnyOrderElementsOf(web.truth());
      assertThat(web.fetchesByPage().values()).as("fetched once").containsOnly(1L);
      assertThat(one.crawlDir().pages()).isNotEmpty();
      assertThat(two.crawlDir().pages()).isNotEmpty();
      storedOnce(web, one, two);
    }
  }

  /**
   * Returns the files that a machine's parser is writing, and unfinished files of earlier parsers.
   */
  private static Set<Path> parts(CrawlYaml machine) throws IOException {
    Path slots = machine.crawlDir().path().resolve("output/slots");
    if (!Files.isDirectory(slots)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.walk(slots)) {
      return files.filter(file -> file.toString().endsWith(".part")).collect(Collectors.toSet());
    } catch (UncheckedIOException e) {
      return Set.of(); // a file was sealed meanwhile
    }
  }

  private static void storedOnce(GeneratedWeb web, CrawlYaml... machines) throws IOException {
    List<String> pages = new ArrayList<>();
    List<String> responses = new ArrayList<>();
    for (CrawlYaml machine : machines) {
      machine.crawlDir().pages().stream()
          .filter(page -> page.number("status") == 200)
          .forEach(page -> pages.add(page.url()));
      responses.addAll(machine.crawlDir().warcResponses());
    }
    assertThat(pages).containsExactlyInAnyOrderElementsOf(web.truth());
    assertThat(responses).doesNotHaveDuplicates().containsAll(web.truth());
  }

  @Test
  void aCopyOfAParsersDirectoryIsRefusedWhileTheParserLives() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 100)) {
      CrawlYaml crawl = yaml("crawl");
      CrawlYaml original = yaml("original");
      try (SluiceProcess fetcher = start("fetcher", "fetcher", crawl.of(web));
          SluiceProcess parser = start("original", "parser", original.of(web))) {
        fetcher.awaitRunning(() -> web.requests().size() >= 60 && !parts(original).isEmpty());
        CrawlYaml copy = yaml("copy");
        copyAll(original.crawlDir().path(), copy.crawlDir().path());
        Path config = copy.of(web);
        try (SluiceProcess refused = start("copy", "parser", config)) {
          assertThat(refused.exitWithin(LONG)).as(refused.output()).isEqualTo(1);
          assertThat(refused.output().lines().reduce((former, line) -> line).orElse(""))
              .startsWith("sluice: ")
              .contains("is already connected", "parser.node");
        }
        assertThat(fetcher.exitWithin(LONG)).as(fetcher.output()).isZero();
        end(parser);
      }
      storedOnce(web, original);
    }
  }

  /** Stops processes as Kubernetes does. */
  @Test
  void processesThatAreAllToldToStopAtOnceLeaveNoPageUnparsedAndRepeatNothing() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(4, 150)) {
      CrawlYaml crawl = yaml("crawl");
      CrawlYaml machine = yaml("machine");
      Path config = crawl.of(web);
      Path parserConfig = machine.of(web);
      for (int stop = 1; stop <= 2; stop++) {
        int requests = stop * 200;
        try (SluiceProcess fetcher = start("fetcher-" + stop, "fetcher", config);
            SluiceProcess parser = start("parser-" + stop, "parser", parserConfig)) {
          fetcher.awaitRunning(() -> web.requests().size() >= requests);
          parser.terminate();
          fetcher.terminate();
          assertThat(fetcher.exitWithin(LONG)).as(fetcher.output()).isZero();
          assertThat(parser.exitWithin(LONG)).as(parser.output()).isZero();
        }
        assertThat(redis.commands().xlen(CrawlYaml.KEYS.pages())).as("unparsed").isZero();
      }
      try (SluiceProcess fetcher = start("fetcher", "fetcher", config);
          SluiceProcess parser = start("parser", "parser", parserConfig)) {
        assertThat(fetcher.exitWithin(LONG)).as(fetcher.output()).isZero();
        end(parser);
      }
      assertThat(web.fetchesByPage().values()).as("fetched once").containsOnly(1L);
      storedOnce(web, machine);
    }
  }

  @Test
  void aNodeIsNamedByTheConfigAndSoAreItsFiles() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(1, 10)) {
      CrawlYaml yaml =
          CrawlYaml.in(dir)
              .redis(redis.uri())
              .with("parser: { processes: 2, threads: 2, node: rack7.left }\n");
      try (SluiceProcess crawl = start("run", "run", yaml.of(web))) {
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      try (Stream<Path> files = Files.list(yaml.crawlDir().path().resolve("output/pages"))) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .isNotEmpty()
            .allMatch(name -> name.matches("\\d{8}T\\d{6}Z-rack7\\.left-\\d-\\d{6}\\.jsonl\\.gz"));
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  private static void end(SluiceProcess parser) throws Exception {
    parser.terminate();
    assertThat(parser.exitWithin(LONG)).as(parser.output()).isZero();
  }

  private static void copyAll(Path from, Path to) throws IOException, InterruptedException {
    Files.createDirectories(to.getParent());
    assertThat(new ProcessBuilder("cp", "-a", from.toString(), to.toString()).start().waitFor())
        .isZero();
  }

  private SluiceProcess start(String name, String verb, Path config) throws IOException {
    return SluiceProcess.start(dir.resolve(name + ".txt"), Map.of(), verb, config.toString());
  }
}
