package io.sluice.launcher.process;

import io.sluice.core.metrics.Health;
import io.sluice.core.metrics.Status;
import io.sluice.core.redis.Holder;
import io.sluice.core.redis.RedisCondition;
import io.sluice.core.redis.RedisPool;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells, in health and status, how the process's Redis fares and who has a connection of its own.
 * Thread-safe: one volatile reference to a thread-safe pool.
 */
final class RedisHealth {

  private static final String NAME = "redis";

  private final Health health;
  private volatile @Nullable RedisPool pool;

  /** The process counts as ready, as far as Redis is concerned, until it is {@link #starting}. */
  RedisHealth(Health health) {
    this.health = health;
  }

  /** The process is about to look for Redis. */
  void starting() {
    health.check(NAME).notReady("starting");
  }

  /** From now on health follows what the pool finds. */
  void watch(RedisPool opened) {
    pool = opened;
    Health.Check check = health.check(NAME);
    opened.onCondition(
        condition -> {
          if (condition instanceof RedisCondition.Well) {
            check.ready();
          } else {
            check.notReady(condition.reason());
          }
        });
  }

  Status status() {
    RedisPool now = pool;
    Status.Builder status = Status.of();
    if (now == null) {
      return status.put("state", "starting").build();
    }
    RedisCondition condition = now.condition();
    boolean well = condition instanceof RedisCondition.Well;
    Status.Builder holders = Status.of();
    Map<String, Long> connections =
        now.holders().stream()
            .collect(Collectors.groupingBy(Holder::name, TreeMap::new, Collectors.counting()));
    connections.forEach((name, count) -> holders.put(name, count.longValue()));
    return status
        .put("state", well ? "well" : "waiting")
        .put("reason", condition.reason())
        .put("holders", holders.build())
        .build();
  }
}
