package io.sluice.core.testing;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.EmbeddedRedis;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real redis-server for a test class, with what a test does to it. {@link RedisExtension} makes
 * one. Confined to the test's thread.
 */
public final class TestRedis implements AutoCloseable {

  private final Path dir;
  private final TestLedger ledger = new TestLedger();
  private final EmbeddedRedis server;
  private @Nullable RedisClient client;
  private @Nullable StatefulRedisConnection<String, String> connection;

  private TestRedis(Path dir) throws RedisUnavailableException {
    this.dir = dir;
    this.server = EmbeddedRedis.start(dir, ledger);
  }

  /** Starts a server in a fresh directory. */
  public static TestRedis start() {
    try {
      return new TestRedis(Files.createTempDirectory("sluice-test"));
    } catch (IOException | RedisUnavailableException e) {
      throw new IllegalStateException("no Redis for tests", e);
    }
  }

  /** Where it listens, as {@code redis.uri} says it. */
  public String uri() {
    return server.uri();
  }

  /** Settings for a pool of at most {@code maxConnections}, with short waits. */
  public RedisSettings settings(int maxConnections) {
    return new RedisSettings(
        uri(),
        Duration.ofSeconds(5),
        new RedisSettings.Pool(maxConnections, Duration.ofSeconds(5)));
  }

  /** A new pool of at most 20 connections; the test closes it. */
  public RedisPool pool() {
    return pool(settings(20), new SimpleMeterRegistry());
  }

  /** A new pool; the test closes it. */
  public RedisPool pool(RedisSettings settings, MeterRegistry registry) {
    try {
      return RedisPool.open(settings, "sluice-test", ledger, registry);
    } catch (RedisUnavailableException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where pools made here enter their sockets. */
  public TestLedger ledger() {
    return ledger;
  }

  /** The test's own connection. */
  public RedisCommands<String, String> commands() {
    if (client == null) {
      client = RedisClient.create();
      client.setOptions(
          ClientOptions.builder()
              .autoReconnect(false)
              .socketOptions(SocketOptions.builder().keepAlive(false).build())
              .build());
    }
    if (connection == null || !connection.isOpen()) {
      connection = client.connect(RedisURI.create(uri()));
    }
    return connection.sync();
  }

  /** Closes the test's own connection; the next command opens another. */
  void disconnect() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
    if (client != null) {
      client.shutdown(0, 2, TimeUnit.SECONDS);
      client = null;
    }
  }

  /** Where the server keeps its append-only files. */
  public Path appendOnlyDir() {
    return dir.resolve("redis/appendonlydir");
  }

  /** The server's process id. */
  public long pid() {
    return server.pid();
  }

  /** Stops the server as its operator would, and waits for its end. */
  public void stop() {
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    process.destroy();
    awaitEnd(process);
  }

  /** Kills the server as {@code kill -9} does and waits for its end. */
  public void kill() {
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    process.destroyForcibly();
    awaitEnd(process);
  }

  private static void awaitEnd(ProcessHandle process) {
    // A daemon's own parent may take its time to bury it: it has ended when it has no program.
    Deadline deadline = Deadline.in(Duration.ofSeconds(10));
    while (process.isAlive() && process.info().command().isPresent() && !deadline.passed()) {
      Thread.onSpinWait();
    }
  }

  /** Starts a killed server again, on the same socket and what it kept of its data. */
  public void restart() {
    try {
      server.restart();
    } catch (RedisUnavailableException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Waits for a server that was restarted to have read its data: until then it refuses commands.
   */
  void awaitLoaded() {
    Deadline deadline = Deadline.in(Duration.ofSeconds(10));
    while (commands().info("persistence").contains("loading:1") && !deadline.passed()) {
      Thread.onSpinWait();
    }
  }

  /** Stops the server's process in its tracks (SIGSTOP). */
  public void pause() {
    signal("STOP");
  }

  /** Lets a paused server go on. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder(List.of("/bin/kill", "-" + signal, String.valueOf(server.pid())))
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    disconnect();
    server.close();
    try (Stream<Path> files = Files.walk(dir)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new IllegalStateException("cannot remove " + dir, e);
    }
  }
}
