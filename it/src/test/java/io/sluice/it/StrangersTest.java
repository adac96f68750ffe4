package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that writes to a crawl's Redis or deletes keys there, and a URL at which fetchers are
 * killed.
 */
@ExtendWith(RedisExtension.class)
class StrangersTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  private TestRedis redis;

  @BeforeEach
  void own(TestRedis server) {
    redis = server;
  }

  private CrawlYaml yaml(String delay) {
    return CrawlYaml.in(dir)
        .redis(redis.uri())
        .delay(delay)
        .with(
            """
            frontier: { lease-timeout: 8s }
            parser: { processes: 1, threads: 1, page-timeout: 2s }
            """);
  }

  @Test
  void foreignEntriesAmongThePagesMakeNoPageBeFetchedAgain() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 100)) {
      CrawlYaml yaml = yaml("10ms");
      try (SluiceProcess crawl = start("run", "run", yaml.of(web))) {
        for (int entry = 1; entry <= 5; entry++) {
          int requests = 30 * entry;
          crawl.awaitRunning(() -> web.requests().size() >= requests);
          redis.commands().xadd(CrawlYaml.KEYS.pages(), Map.of("k", "x", "h", "{", "b", ""));
        }
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
      assertThat(yaml.crawlDir().log("fetcher"))
          .contains("another program appended to {it.p0}:pages");
    }
  }

  @Test
  void whateverOutcomesAreDeletedEachUrlIsFetched() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 100)) {
      CrawlYaml yaml = yaml("10ms");
      try (SluiceProcess crawl = start("run", "run", yaml.of(web))) {
        for (int theft = 1; theft <= 3; theft++) {
          int requests = 50 * theft;
          crawl.awaitRunning(() -> web.requests().size() >= requests);
          long fetcher = yaml.crawlDir().pid("fetcher");
          Processes.pause(fetcher);
          await().atMost(LONG).until(() -> redis.commands().xlen(CrawlYaml.KEYS.pages()) == 0);
          redis.commands().del(CrawlYaml.KEYS.outcomes());
          Processes.goOn(fetcher);
        }
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      assertThat(oracle.lost()).as("never asked for").isEmpty();
      assertThat(oracle.unstored()).as("not in the output").isEmpty();
      assertThat(yaml.crawlDir().log("fetcher"))
          .contains("another program is deleting outcomes", "pages; they will be fetched again");
    }
  }

  @Test
  void aUrlOnWhichTheFetcherDiesIsAskedMoreAndMoreRarelyWhileOthersGoOn() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 60)) {
      CrawlYaml yaml = yaml("20ms");
      Path config = yaml.of(web);
      String killer = web.stalledAlways(0, 2);
      try (SluiceProcess parser = start("parser", "parser", config)) {
        for (int life = 1; life <= 8; life++) {
          int before = web.requests().size();
          try (SluiceProcess fetcher = start("fetcher-" + life, "fetcher", config)) {
            // the fetcher is killed just after requesting the URL, or a few pages later
            long asked = asked(web, killer);
            fetcher.awaitRunning(
                () -> asked(web, killer) > asked || web.requests().size() >= before + 15);
            fetcher.handle().destroyForcibly();
            Processes.awaitEnd(fetcher.handle(), LONG);
          }
        }
        assertThat(asked(web, killer)).as("of eight deaths").isBetween(1L, 3L);
        web.stallNoMore();
        try (SluiceProcess fetcher = start("fetcher", "fetcher", config)) {
          assertThat(fetcher.exitWithin(LONG)).as(fetcher.output()).isZero();
        }
        parser.terminate();
        assertThat(parser.exitWithin(LONG)).as(parser.output()).isZero();
      }
      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      assertThat(oracle.lost()).isEmpty();
      assertThat(oracle.unstored()).isEmpty();
      assertThat(oracle.doubled()).isEmpty();
    }
  }

  private static long asked(GeneratedWeb web, String url) {
    List<String> asked = web.asked();
    return asked.stream().filter(url::equals).count();
  }

  private SluiceProcess start(String name, String verb, Path config) throws IOException {
    return SluiceProcess.start(dir.resolve(name + ".txt"), Map.of(), verb, config.toString());
  }
}
