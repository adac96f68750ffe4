package io.sluice.core.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.sluice.core.config.Echo;
import io.sluice.core.lifecycle.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks whether a Redis server can keep a crawl. Thread-safe: stateless. */
final class ServerCheck {

  /**
   * Prefixes of answers that refuse a login: first those of Redis 6 and later, then those of
   * earlier versions.
   */
  private static final List<String> REFUSED_LOGINS =
      List.of(
          "WRONGPASS",
          "NOAUTH",
          "NOPERM",
          "ERR invalid password",
          "ERR AUTH",
          "ERR Client sent AUTH");

  private static final Logger log = LoggerFactory.getLogger(ServerCheck.class);

  /** How long a Redis server may load its data at start-up. */
  private static final Duration LOADING_BOUND = Duration.ofMinutes(5);

  private static final Duration LOADING_POLL = Duration.ofMillis(200);
  private static final int OLDEST_MAJOR = 7;

  private ServerCheck() {}

  /**
   * Checks the server that the connector connects to.
   *
   * @param keys the partition to be kept there
   * @param timeout the maximum time for each command
   * @param giveUp ends every wait when it completes
   */
  static void check(
      Connector connector, KeySpace keys, Duration timeout, CompletableFuture<?> giveUp)
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
      String refusal =
          await(
              ConditionWatch.writeNothing(connection.async(), Script.arg(keys.probe())),
              Deadline.in(timeout).cutBy(giveUp),
              at + " does not answer");
      requireSlot(refusal, keys, at);
    } finally {
      // Awaited, so that the pool's connections and this one never exist together.
      await(connection.closeAsync(), Deadline.in(timeout), at + " did not close the connection");
    }
  }

  /** Checks that a node of a cluster is the one that keeps the partition's keys. */
  private static void requireSlot(String refusal, KeySpace keys, String at)
      throws RedisUnavailableException {
    switch (Diagnosis.word(refusal)) {
      case "MOVED", "ASK" ->
          throw RedisUnavailableException.unfit(
              "%s is a node of a Redis Cluster that does not keep the keys of crawl %s; %s does: name that one"
                  .formatted(at, keys.crawl(), Diagnosis.otherNode(refusal)));
      case "CLUSTERDOWN" ->
          throw new RedisUnavailableException(
              "%s is a node of a Redis Cluster that is down for the keys of crawl %s: %s"
                  .formatted(at, keys.crawl(), Echo.sentence(refusal)));
      default -> {} // the pool waits until temporary problems have passed
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
          ServerInfo.fields(
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
        log.info("{} is loading its data; waiting", at);
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
      log.debug("cannot parse the version {}", version, e);
    }
    throw RedisUnavailableException.unfit(
        at + " has version " + version + ": Sluice needs " + OLDEST_MAJOR + ".0 or later");
  }

  /** Whether an answer refuses the user or the password, which no further attempt would change. */
  static boolean refusesLogin(String said) {
    return REFUSED_LOGINS.stream().anyMatch(said::startsWith);
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
      String said = rootMessage(e);
      if (refusesLogin(said)) {
        throw RedisUnavailableException.unfit(
            "%s: %s; name the right user and password in redis.uri, as redis://user:password@host"
                .formatted(otherwise, Echo.sentence(said.replaceAll("[. ]+$", ""))));
      }
      throw new RedisUnavailableException(otherwise + ": " + said, e);
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
