package io.sluice.core.redis.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.testing.TestLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisTest {

  @TempDir Path dir;

  @Test
  void startsStopsAndLeavesNothingBehind() throws Exception {
    TestLedger ledger = new TestLedger();
    EmbeddedRedis redis = EmbeddedRedis.start(dir, ledger);
    assertThat(socket(redis)).exists();

    assertThat(redis.stop(Deadline.in(Duration.ofSeconds(10)))).isTrue();

    assertThat(alive(redis.pid())).isFalse();
    assertThat(socket(redis).getParent()).doesNotExist();
    assertThat(dir.resolve("redis/redis.pid")).doesNotExist();
    assertThat(ledger.entries()).isEmpty();
    assertThat(Files.readString(dir.resolve("logs/redis.log"))).contains("now ready to accept");
  }

  @Test
  void dataOutlivesACleanStop() throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.start(dir, new TestLedger())) {
      withConnection(redis, "SET");
    }
    try (EmbeddedRedis redis = EmbeddedRedis.start(dir, new TestLedger())) {
      withConnection(redis, "GET");
    }
  }

  private static void withConnection(EmbeddedRedis redis, String what) {
    RedisClient client = RedisClient.create();
    try (var connection = client.connect(RedisURI.create(redis.uri()))) {
      if (what.equals("SET")) {
        connection.sync().set("key", "value");
      } else {
        assertThat(connection.sync().get("key")).isEqualTo("value");
      }
    } finally {
      client.shutdown(0, 2, TimeUnit.SECONDS);
    }
  }

  @Test
  void aDirectoryInUseIsRefusedByTheServersPid() throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.start(dir, new TestLedger())) {
      assertThatThrownBy(() -> EmbeddedRedis.start(dir, new TestLedger(), Duration.ofMillis(100)))
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessageContaining("pid " + redis.pid());
      assertThat(alive(redis.pid())).isTrue();
    }
  }

  @Test
  void theServerEndsWhenItsOwnerIsKilledAndTheNextStartCleansUp() throws Exception {
    Process owner =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Owner.class.getName(),
                    dir.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long pid;
    try (var out = owner.inputReader()) {
      pid = Long.parseLong(out.readLine());
      assertThat(alive(pid)).isTrue();
      owner.destroyForcibly().waitFor();
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> !alive(pid));
    String recorded = Files.readAllLines(dir.resolve("redis/redis.socket")).getFirst();
    try (EmbeddedRedis again = EmbeddedRedis.start(dir, new TestLedger())) {
      assertThat(again.pid()).isNotEqualTo(pid);
      assertThat(Path.of(recorded).getParent()).doesNotExist();
    }
  }

  @Test
  void theServerEndsEvenIfItsDirectoryIsGoneFirst() throws Exception {
    EmbeddedRedis redis = EmbeddedRedis.start(dir, new TestLedger());
    Files.delete(dir.resolve("redis/redis.pid"));
    Files.delete(dir.resolve("redis/redis-server"));
    assertThat(redis.stop(Deadline.in(Duration.ofSeconds(10)))).isTrue();
    assertThat(alive(redis.pid())).isFalse();
  }

  /** A process that starts a server, prints its pid, and waits to be killed. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] args) throws Exception {
      EmbeddedRedis redis = EmbeddedRedis.start(Path.of(args[0]), new TestLedger());
      System.out.println(redis.pid());
      Thread.sleep(Duration.ofMinutes(1));
      redis.close();
    }
  }

  @Test
  void aTerminalsInterruptReachesNeitherServerNorGuardian() throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.start(dir, new TestLedger())) {
      ProcessHandle guardian = guardian();
      kill("-INT", guardian.pid());
      String[] stat = Files.readString(Path.of("/proc/" + redis.pid() + "/stat")).split(" ", -1);
      assertThat(Long.parseLong(stat[5])).as("a session of its own").isEqualTo(redis.pid());
      assertThat(guardian.isAlive()).isTrue();
      assertThat(alive(redis.pid())).isTrue();
    }
  }

  @Test
  void aKilledServerIsReportedAndCanBeStartedAgain() throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.start(dir, new TestLedger())) {
      long first = redis.pid();
      String uri = redis.uri();
      ProcessHandle.of(first).orElseThrow().destroyForcibly();
      redis.onExit().toCompletableFuture().get(10, TimeUnit.SECONDS);
      redis.restart();
      assertThat(redis.uri()).isEqualTo(uri);
      withConnection(redis, "SET");
    }
  }

  @Test
  void aServerIsRestartedThoughItsSocketsDirectoryCouldNotBeRemoved() throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.start(dir, new TestLedger())) {
      Path left = Files.writeString(socket(redis).resolveSibling("left"), "");
      ProcessHandle.of(redis.pid()).orElseThrow().destroyForcibly();
      redis.onExit().toCompletableFuture().get(10, TimeUnit.SECONDS);
      redis.restart();
      withConnection(redis, "SET");
      Files.delete(left);
    }
  }

  @Test
  void aPausedServerIsStoppedInOrder() throws Exception {
    EmbeddedRedis redis = EmbeddedRedis.start(dir, new TestLedger());
    kill("-STOP", redis.pid());
    assertThat(redis.stop(Deadline.in(Duration.ofSeconds(10)))).isTrue();
    assertThat(alive(redis.pid())).isFalse();
  }

  @Test
  void aServerWhoseGuardianDiedCountsAsDeadAndIsReplaced() throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.start(dir, new TestLedger())) {
      long first = redis.pid();
      assertThat(redis.alive()).isTrue();
      guardian().destroyForcibly();
      await().atMost(Duration.ofSeconds(5)).until(() -> !redis.alive());
      redis.restart();
      assertThat(alive(first)).isFalse();
      assertThat(redis.alive()).isTrue();
      withConnection(redis, "SET");
    }
  }

  @Test
  void theNextStartEndsAServerWhoseOwnerAndGuardianWereKilledAndRemovesItsFiles() throws Exception {
    try (EmbeddedRedis lost = EmbeddedRedis.start(dir, new TestLedger())) {
      guardian().destroyForcibly();
      await().atMost(Duration.ofSeconds(5)).until(() -> !lost.alive());
      Path halfWritten = Files.writeString(dir.resolve("redis/temp-rewriteaof-4711.aof"), "*1");

      // The socket itself may be gone: a server removes it when it ends in an orderly way.
      assertThat(EmbeddedRedis.cleanUp(dir))
          .contains(
              "redis-server (pid " + lost.pid() + ")",
              String.valueOf(socket(lost).getParent()),
              halfWritten.toString());

      assertThat(alive(lost.pid())).isFalse();
      assertThat(socket(lost).getParent()).doesNotExist();
      assertThat(halfWritten).doesNotExist();
      assertThat(EmbeddedRedis.cleanUp(dir)).isEmpty();
    }
  }

  @Test
  void aCopyOfADirectoryLeavesServerAndSocketOfTheOriginalAlone() throws Exception {
    Path original = Files.createDirectory(dir.resolve("original"));
    Path copy = dir.resolve("copy");
    try (EmbeddedRedis redis = EmbeddedRedis.start(original, new TestLedger())) {
      new ProcessBuilder("cp", "-a", original.toString(), copy.toString()).start().waitFor();

      try (EmbeddedRedis ofTheCopy = EmbeddedRedis.start(copy, new TestLedger())) {
        assertThat(ofTheCopy.pid()).isNotEqualTo(redis.pid());
        assertThat(redis.alive()).isTrue();
        withConnection(redis, "SET");
      }
      assertThat(redis.alive()).isTrue();
      assertThat(socket(redis)).exists();
    }
  }

  @Test
  void aServerIsKnownByTheDirectoryItWorksInThoughItsFileIsLostAndTheDirectoryRenamed()
      throws Exception {
    Path crawl = Files.createDirectory(dir.resolve("crawl"));
    try (EmbeddedRedis lost = EmbeddedRedis.start(crawl, new TestLedger())) {
      guardian().destroyForcibly();
      await().atMost(Duration.ofSeconds(5)).until(() -> !lost.alive());
      Files.delete(crawl.resolve("redis/redis.pid"));
      Path renamed = Files.move(crawl, dir.resolve("renamed"));

      assertThat(EmbeddedRedis.cleanUp(renamed))
          .contains(
              "redis-server (pid " + lost.pid() + ")", String.valueOf(socket(lost).getParent()));

      assertThat(alive(lost.pid())).isFalse();
      assertThat(socket(lost).getParent()).doesNotExist();
    }
  }

  private static void kill(String signal, long pid) throws Exception {
    new ProcessBuilder("/bin/kill", signal, String.valueOf(pid)).start().waitFor();
  }

  private static ProcessHandle guardian() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("sh"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void awkwardDirectoryNamesWork() throws Exception {
    Path awkward = Files.createDirectories(dir.resolve("a \"quoted\" dir with spaces & $HOME"));
    try (EmbeddedRedis redis = EmbeddedRedis.start(awkward, new TestLedger())) {
      withConnection(redis, "SET");
    }
  }

  private static Path socket(EmbeddedRedis redis) {
    return Path.of(redis.uri().substring("redis-socket://".length()));
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).map(RedisFiles::runs).orElse(false);
  }
}
