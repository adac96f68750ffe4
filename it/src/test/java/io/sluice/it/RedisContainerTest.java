package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.web.GeneratedWeb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Runs a whole crawl on an external Redis 8. */
@RequiresDocker(images = RedisContainerTest.IMAGE)
class RedisContainerTest {

  static final String IMAGE = "redis:8";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Docker docker = new Docker();

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void aCrawlOnRedis8FetchesExactlyTheTruthOnceAndStoresEachPageOnce() throws Exception {
    String container =
        docker.run(PATIENCE, "run", "--detach", "--publish", "127.0.0.1::6379", IMAGE).strip();
    try (GeneratedWeb web = GeneratedWeb.start(6, 50)) {
      await()
          .atMost(PATIENCE)
          .until(() -> docker.run(PATIENCE, "logs", container).contains("Ready to accept"));
      String address = docker.run(PATIENCE, "port", container, "6379").lines().toList().getFirst();
      CrawlYaml yaml = CrawlYaml.in(dir).redis("redis://" + address);
      String config = yaml.of(web).toString();
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config)) {
        assertThat(crawl.exitWithin(Duration.ofSeconds(90))).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
      Expectations.nothingLeftOpen(yaml.crawlDir());
    } finally {
      docker.run(PATIENCE, "rm", "--force", "--volumes", container);
    }
  }
}
