package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.web.GeneratedWeb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A whole crawl on a Redis 8 that somebody else runs. */
@RequiresDocker
class RedisContainerTest {

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void aCrawlOnRedis8FetchesExactlyTheTruthOnceAndStoresEachPageOnce() throws Exception {
    try (GenericContainer<?> redis =
            new GenericContainer<>(DockerImageName.parse("redis:8")).withExposedPorts(6379);
        GeneratedWeb web = GeneratedWeb.start(6, 50)) {
      redis.start();
      String uri = "redis://" + redis.getHost() + ":" + redis.getMappedPort(6379);
      CrawlYaml yaml = CrawlYaml.in(dir).redis(uri);
      String config = yaml.of(web).toString();
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config)) {
        assertThat(crawl.exitWithin(Duration.ofSeconds(90))).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
      Expectations.nothingLeftOpen(yaml.crawlDir());
    }
  }
}
