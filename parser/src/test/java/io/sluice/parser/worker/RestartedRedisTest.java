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

/** Redis dies under the workers; its process is a new one, so leaks are not looked for here. */
@ExtendWith(RedisExtension.class)
final class RestartedRedisTest {

  private final PartitionHarness partition;

  RestartedRedisTest(TestRedis redis, @TempDir Path dir) {
    partition = new PartitionHarness(redis, dir);
  }

  @BeforeEach
  void begin() {
    partition.begin();
  }

  @AfterEach
  void close() {
    partition.close();
  }

  @Test
  void restartedRedisLosesNothing() throws IOException {
    partition.publish(1, 30);
    try (ParserWorkers workers = partition.open()) {
      partition.awaitOutcomes(5);
      partition.redis().kill();
      partition.redis().restart();
      await().ignoreExceptions().until(() -> partition.redis().commands().ping().equals("PONG"));
      partition.publish(31, 60);
      partition.awaitOutcomes(60);
      partition.stop(workers);
    }
    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(60));
  }
}
