package io.sluice.launcher.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.RunningTime;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.resource.Ledger;
import io.sluice.core.stream.PartitionKeys;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a process's Redis pool, retrying for a while: if everything is started at the same time,
 * Redis may be ready a few seconds later. Stateless.
 */
final class RedisStart {

  private static final Logger log = LoggerFactory.getLogger(RedisStart.class);

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);

  private RedisStart() {}

  /**
   * Opens the pool.
   *
   * @param time the clock of the pool's waits, which the pool updates
   * @param keys the keys of the process's partition
   * @param stop ends the retries
   * @throws CannotStart if Redis cannot be used, with the last reason; if Redis is unfit for a
   *     crawl, without a retry
   */
  static RedisPool open(
      RedisSettings settings,
      PartitionKeys keys,
      String clientName,
      Ledger ledger,
      MeterRegistry registry,
      RunningTime time,
      StopRequest stop)
      throws CannotStart, InterruptedException {
    Deadline patience = Deadline.in(PATIENCE);
    CompletableFuture<?> asked = stop.asked().toCompletableFuture();
    while (true) {
      try {
        return RedisPool.open(settings, keys, clientName, ledger, registry, asked, time);
      } catch (RedisUnavailableException e) {
        if (e.lasting() || patience.passed() || stop.await(BETWEEN_ATTEMPTS).isPresent()) {
          throw new CannotStart("redis.uri=%s: %s".formatted(settings.shownUri(), e.getMessage()));
        }
        log.info("waiting for Redis: {}", e.getMessage());
      }
    }
  }
}
