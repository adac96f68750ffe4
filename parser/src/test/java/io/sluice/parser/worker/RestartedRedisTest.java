package io.sluice.parser.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Redis is killed while workers use it, and restarted as a new process, so leaks are not checked
 * here.
 */
@ExtendWith(RedisExtension.class)
final class RestartedRedisTest {

  private final PartitionHarness partition;

  RestartedRedisTest(TestRedis redis, @TempDir Path dir) {
    partition = new PartitionHarness(redis, dir);
  }

  @BeforeEach
  void begin() {
    partition.begin("e1");
  }

  @AfterEach
  void close() {
    partition.close();
  }

  @Test
  void redisThatDiesAgainAndAgainLosesNothing() throws IOException {
    int published = 0;
    try (ParserWorkers workers = partition.open()) {
      for (int life = 0; life < 3; life++) {
        partition.publish(published + 1, published + 30);
        published += 30;
        partition.awaitOutcomes(published - 25);
        partition.redis().kill();
        partition.redis().restart();
        await().ignoreExceptions().until(() -> partition.redis().commands().ping().equals("PONG"));
      }
      partition.awaitOutcomes(published);
      partition.stop(workers);
    }
    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(published));
  }
}
