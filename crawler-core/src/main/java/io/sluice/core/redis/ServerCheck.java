package io.sluice.core.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.sluice.core.lifecycle.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a Redis can keep a crawl. Thread-safe: stateless. */
final class ServerCheck {

  private static final Logger LOG = LoggerFactory.getLogger(ServerCheck.class);

  /** How long a Redis may load its data at start-up. */
  private static final Duration LOADING_BOUND = Duration.ofMinutes(5);

  private static final Duration LOADING_POLL = Duration.ofMillis(200);
  private static final int OLDEST_MAJOR = 7;

  private ServerCheck() {}

  /**
   * Looks.
   *
   * @param timeout for each command
   * @param giveUp ends every wait when it completes
   */
  static void check(Connector connector, Duration timeout, CompletableFuture<?> giveUp)
      throws RedisUnavailableException {
    String at = "Redis at " + connector.address();
    Deadline connected = Deadline.in(timeout).cutBy(giveUp);
    StatefulRedisConnection<byte[], byte[]> connection =
        await(connector.open(), connected, at + " cannot be reached");
    try {
      Map<String, String> info = infoOnceLoaded(connection, timeout, giveUp, at);
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
      await(connection.closeAsync(), Deadline.in(timeout), at + " does not let go");
    }
  }

  private static Map<String, String> infoOnceLoaded(
      StatefulRedisConnection<byte[], byte[]> connection,
      Duration timeout,
      CompletableFuture<?> giveUp,
      String at)
      throws RedisUnavailableException {
    Deadline loaded = Deadline.in(LOADING_BOUND).cutBy(giveUp);
    boolean told = false;
    while (true) {
      Map<String, String> info =
          fields(
              await(
                  connection.async().info(),
                  Deadline.in(timeout).cutBy(giveUp),
                  at + " does not answer"));
      if (!"1".equals(info.get("loading"))) {
        return info;
      }
      if (loaded.passed()) {
        throw new RedisUnavailableException(at + " is still loading its data");
      }
      if (!told) {
        LOG.info("{} is loading its data; waiting", at);
        told = true;
      }
      pause(at, giveUp);
    }
  }

  private static void pause(String at, CompletableFuture<?> giveUp)
      throws RedisUnavailableException {
    try {
      Deadline.in(LOADING_POLL).await(giveUp);
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

  private static <T> T await(CompletionStage<T> stage, Deadline deadline, String otherwise)
      throws RedisUnavailableException {
    long began = System.nanoTime();
    CompletableFuture<T> answer = stage.toCompletableFuture();
    try {
      if (!deadline.await(answer)) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        throw new RedisUnavailableException(otherwise + ": no answer within " + millis + " ms");
      }
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnavailableException(otherwise + ": interrupted", e);
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
