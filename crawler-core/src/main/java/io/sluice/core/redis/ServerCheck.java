package io.sluice.core.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a Redis can keep a crawl. Thread-safe: stateless. */
final class ServerCheck {

  private static final Logger LOG = LoggerFactory.getLogger(ServerCheck.class);

  /** How long a Redis may load its data at start-up. */
  private static final Duration LOADING_BOUND = Duration.ofMinutes(5);

  private static final long LOADING_POLL_MILLIS = 200;
  private static final int OLDEST_MAJOR = 7;

  private ServerCheck() {}

  static void check(Connector connector, Duration timeout) throws RedisUnavailableException {
    String at = "Redis at " + connector.address();
    StatefulRedisConnection<byte[], byte[]> connection =
        await(connector.open(), timeout, at + " cannot be reached");
    try {
      Map<String, String> info = infoOnceLoaded(connection, timeout, at);
      requireVersion(info, at);
      if ("slave".equals(info.get("role"))) {
        throw RedisUnavailableException.unfit(at + " is a read-only replica: name its primary");
      }
      RedisCondition.Evicting evicting = Diagnosis.evicting(info);
      if (evicting != null) {
        throw RedisUnavailableException.unfit(
            at
                + " evicts data when it is full (maxmemory-policy "
                + evicting.policy()
                + "): set maxmemory-policy noeviction");
      }
    } finally {
      // Awaited, so that the pool's connections and this one are never there together.
      await(connection.closeAsync(), timeout, at + " does not let go");
    }
  }

  private static Map<String, String> infoOnceLoaded(
      StatefulRedisConnection<byte[], byte[]> connection, Duration timeout, String at)
      throws RedisUnavailableException {
    long deadline = System.nanoTime() + LOADING_BOUND.toNanos();
    boolean told = false;
    while (true) {
      Map<String, String> info =
          fields(await(connection.async().info(), timeout, at + " does not answer"));
      if (!"1".equals(info.get("loading"))) {
        return info;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new RedisUnavailableException(at + " is still loading its data");
      }
      if (!told) {
        LOG.info("{} is loading its data; waiting", at);
        told = true;
      }
      pause(at);
    }
  }

  private static void pause(String at) throws RedisUnavailableException {
    try {
      Thread.sleep(LOADING_POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnavailableException(at + " is loading its data", e);
    }
  }

  private static void requireVersion(Map<String, String> info, String at)
      throws RedisUnavailableException {
    String version = info.getOrDefault("redis_version", "");
    int dot = version.indexOf('.');
    try {
      if (dot > 0 && Integer.parseInt(version, 0, dot, 10) >= OLDEST_MAJOR) {
        return;
      }
    } catch (NumberFormatException e) {
      LOG.debug("odd version {}", version, e);
    }
    throw RedisUnavailableException.unfit(
        at + " has version " + version + ": Sluice needs " + OLDEST_MAJOR + ".0 or later");
  }

  /** The {@code name:value} lines of INFO. */
  static Map<String, String> fields(String info) {
    Map<String, String> fields = new HashMap<>();
    info.lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
              }
            });
    return fields;
  }

  private static <T> T await(CompletionStage<T> stage, Duration timeout, String otherwise)
      throws RedisUnavailableException {
    try {
      return stage.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnavailableException(otherwise + ": interrupted", e);
    } catch (TimeoutException e) {
      throw new RedisUnavailableException(
          otherwise + ": no answer within " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new RedisUnavailableException(otherwise + ": " + rootMessage(e), e);
    }
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null
        ? root.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
