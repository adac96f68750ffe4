package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A crawl on a node of a Redis Cluster: all keys of the crawl have the same slot, on one node. */
class RedisClusterTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void aNodeThatDoesNotKeepTheKeysIsRefusedInOneLineThatNamesTheOneThatDoes() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(2, 20);
        TestCluster cluster = TestCluster.start(dir)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      try (SluiceProcess refused = run(yaml.redis(cluster.other().address()).of(web))) {
        assertThat(refused.exitWithin(LONG)).as(refused.output()).isEqualTo(1);
        assertThat(refused.output().lines())
            .filteredOn(line -> line.startsWith("sluice: "))
            .singleElement()
            .asString()
            .startsWith("sluice: redis.uri=")
            .contains(
                "does not keep the keys of crawl it",
                "127.0.0.1:" + cluster.keeper().port() + " does: name that one");
      }
      try (SluiceProcess crawl = run(yaml.redis(cluster.keeper().address()).of(web))) {
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  @Test
  void afterAFailoverTheCrawlWaitsForItsFormerPrimaryAndSaysWhoseReplicaThatIs() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 60);
        TestCluster cluster = TestCluster.start(dir)) {
      cluster.replicate();
      CrawlYaml yaml = CrawlYaml.in(dir).delay("20ms").redis(cluster.keeper().address());
      try (SluiceProcess crawl = run(yaml.of(web))) {
        await().atMost(LONG).until(() -> web.requests().size() >= 40 || !crawl.alive());
        TestCluster.failOverTo(cluster.other());
        String waits =
            "Redis at 127.0.0.1:%d is now a read-only replica of 127.0.0.1:%d"
                .formatted(cluster.keeper().port(), cluster.other().port());
        await().atMost(LONG).until(() -> yaml.crawlDir().log("fetcher").contains(waits));
        TestCluster.failOverTo(cluster.keeper());
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  private SluiceProcess run(Path config) throws IOException {
    return SluiceProcess.start(
        java.nio.file.Files.createTempFile(dir, "out", ".txt"), Map.of(), "run", config.toString());
  }
}
