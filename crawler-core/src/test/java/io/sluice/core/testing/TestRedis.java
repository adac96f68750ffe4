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
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.redis.server.EmbeddedRedis;
import io.sluice.core.stream.PartitionKeys;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real redis-server for a test class, and everything that tests do to it. Created by {@link
 * RedisExtension}. Confined to the test's thread.
 */
public final class TestRedis implements AutoCloseable {

  /** Partition 0 of the crawl {@code test}. */
  public static final PartitionKeys KEYS = new PartitionKeys("test", 0);

  /** The identity of a crawl. */
  public static final CrawlIdentity CRAWL = new CrawlIdentity("0123456789abcdef0123456789abcdef");

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

  /** Where the server listens, as a value of {@code redis.uri}. */
  public String uri() {
    return server.uri();
  }

  /**
   * Makes the server listen on TCP, too, and returns the URI, whose host name must be looked up.
   */
  public String tcpUri() {
    String port = Integer.toString(freePort());
    commands().configSet("bind", "127.0.0.1 -::1");
    commands().configSet("port", port);
    return "redis://localhost:" + port;
  }

  private static int freePort() {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no free port", e);
    }
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

  /** Makes a crawl the partition's owner, with the given epoch, as a fetcher does first. */
  public void own(PartitionKeys keys, CrawlIdentity crawl, String epoch) {
    commands()
        .hset(
            keys.owner(),
            Map.of(
                "identity",
                crawl.hex(),
                "incarnation",
                "1",
                "dir",
                "/crawl",
                "host",
                "h",
                "state",
                "running"));
    commands().set(keys.epoch(), epoch);
  }

  /** A new pool; the test closes it. */
  public RedisPool pool(RedisSettings settings, MeterRegistry registry) {
    try {
      return RedisPool.open(settings, KEYS, "sluice-test", ledger, registry);
    } catch (RedisUnavailableException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The ledger in which the pools of this class enter their sockets. */
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

  /** Shuts the server down, as its operator would, and waits for its end. */
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
    // A daemon's parent may reap it late, so it counts as ended once it has no program.
    Deadline deadline = Deadline.in(Duration.ofSeconds(10));
    while (process.isAlive() && process.info().command().isPresent() && !deadline.passed()) {
      Thread.onSpinWait();
    }
  }

  /** Starts a killed server again, on the same socket and the data that survived. */
  public void restart() {
    try {
      server.restart();
    } catch (RedisUnavailableException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until a restarted server has read its data; until then it refuses commands. */
  void awaitLoaded() {
    Deadline deadline = Deadline.in(Duration.ofSeconds(10));
    while (commands().info("persistence").contains("loading:1") && !deadline.passed()) {
      Thread.onSpinWait();
    }
  }

  /** Suspends the server's process (SIGSTOP). */
  public void pause() {
    signal("STOP");
  }

  /** Resumes a paused server. */
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
