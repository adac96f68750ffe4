package io.sluice.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.testing.TestLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisTest {

  @TempDir Path dir;

  @Test
  void startsStopsAndLeavesNothingBehind() throws Exception {
    TestLedger ledger = new TestLedger();
    EmbeddedRedis redis = EmbeddedRedis.start(dir, ledger);
    Path socket = Path.of(redis.uri().substring("redis-socket://".length()));
    assertThat(socket).exists();

    assertThat(redis.stop(Deadline.in(Duration.ofSeconds(10)))).isTrue();

    assertThat(ProcessHandle.of(redis.pid())).isEmpty();
    assertThat(socket.getParent()).doesNotExist();
    assertThat(dir.resolve("redis/redis.pid")).doesNotExist();
    assertThat(ledger.entries()).isEmpty();
    assertThat(Files.readString(dir.resolve("logs/redis.log"))).contains("now ready to accept");
  }
}
