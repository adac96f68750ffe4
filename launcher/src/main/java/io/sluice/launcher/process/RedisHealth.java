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
 * Reports, in health and status, the condition of the process's Redis and the holders of exclusive
 * connections. Thread-safe: one volatile reference to a thread-safe pool.
 */
final class RedisHealth {

  private static final String NAME = "redis";

  private final Health health;
  private volatile @Nullable RedisPool pool;

  /** Creates an object without a Redis check, which {@link #starting} adds. */
  RedisHealth(Health health) {
    this.health = health;
  }

  /** Marks the process as not ready, because it is about to connect to Redis. */
  void starting() {
    health.check(NAME).notReady("starting");
  }

  /** Makes health follow the pool's condition. */
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
    RedisPool current = pool;
    Status.Builder status = Status.of();
    if (current == null) {
      return status.put("state", "starting").build();
    }
    RedisCondition condition = current.condition();
    boolean well = condition instanceof RedisCondition.Well;
    Status.Builder holders = Status.of();
    Map<String, Long> connections =
        current.holders().stream()
            .collect(Collectors.groupingBy(Holder::name, TreeMap::new, Collectors.counting()));
    connections.forEach((name, count) -> holders.put(name, count.longValue()));
    return status
        .put("state", well ? "well" : "waiting")
        .put("reason", condition.reason())
        .put("holders", holders.build())
        .build();
  }
}
