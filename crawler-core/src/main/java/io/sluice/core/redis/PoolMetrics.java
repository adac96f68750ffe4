package io.sluice.core.redis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The pool's metrics.
 *
 * <p>Written on the pool's I/O thread, read on any.
 */
final class PoolMetrics implements AutoCloseable {

  private static final double NANOS_PER_SECOND = 1e9;

  private final MeterRegistry registry;
  private final List<Meter> gauges;
  private final Counter opened;
  private final Counter expired;
  private final Counter timedOut;
  private final Timer wait;
  private final Timer probe;

  private volatile int created;
  private volatile int idle;
  private volatile int exclusive;
  private volatile int waiting;
  private volatile int overdue;
  private volatile boolean up = true;
  private volatile long waitedForNanos;

  PoolMetrics(MeterRegistry registry, int max) {
    this.registry = registry;
    this.gauges =
        List.of(
            // Not "created", since Prometheus reserves that ending and cuts it off.
            Gauge.builder("sluice.redis.pool.connections", this, m -> m.created)
                .description("Open connections")
                .register(registry),
            Gauge.builder("sluice.redis.pool.idle", this, m -> m.idle)
                .description("Connections with nothing in flight")
                .register(registry),
            Gauge.builder("sluice.redis.pool.leased", this, m -> m.exclusive)
                .description("Connections that one holder uses exclusively")
                .register(registry),
            Gauge.builder("sluice.redis.pool.waiting", this, m -> m.waiting)
                .description("Callers waiting for a connection")
                .register(registry),
            Gauge.builder("sluice.redis.pool.overdue", this, m -> m.overdue)
                .description("Connections that a holder has kept for too long")
                .register(registry),
            Gauge.builder("sluice.redis.up", this, m -> m.up ? 1 : 0)
                .description("Whether Redis answers and takes writes")
                .register(registry),
            FunctionCounter.builder(
                    "sluice.redis.waiting.seconds", this, m -> m.waitedForNanos / NANOS_PER_SECOND)
                .description("Time that the process has spent waiting for Redis to recover")
                .register(registry),
            Gauge.builder("sluice.redis.pool.max", () -> max)
                .description("Maximum number of connections")
                .register(registry));
    this.opened =
        Counter.builder("sluice.redis.pool.opened")
            .description("Connections opened")
            .register(registry);
    this.expired =
        Counter.builder("sluice.redis.pool.acquire.timeouts")
            .description("Callers that gave up waiting for a connection")
            .register(registry);
    this.timedOut =
        Counter.builder("sluice.redis.pool.command.timeouts")
            .description("Connections replaced because no answer came in time")
            .register(registry);
    this.wait =
        Timer.builder("sluice.redis.pool.wait")
            .description("How long callers waited for a connection")
            .serviceLevelObjectives(
                Duration.ofMillis(1),
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5))
            .register(registry);
    this.probe =
        Timer.builder("sluice.redis.probe")
            .description("How long Redis took to answer the health probe")
            .register(registry);
  }

  void update(int created, int idle, int exclusive, int waiting) {
    this.created = created;
    this.idle = idle;
    this.exclusive = exclusive;
    this.waiting = waiting;
  }

  void opened() {
    opened.increment();
  }

  void expired() {
    expired.increment();
  }

  void timedOut() {
    timedOut.increment();
  }

  void overdue(int now) {
    this.overdue = now;
  }

  /** Records whether Redis is well, and for how long in total it was not. */
  void condition(boolean well, long unwellNanos) {
    this.up = well;
    this.waitedForNanos = unwellNanos;
  }

  void probed(long nanos) {
    probe.record(nanos, TimeUnit.NANOSECONDS);
  }

  void waited(long nanos) {
    wait.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Unregisters the gauges, which would otherwise keep the closed pool in memory. */
  @Override
  public void close() {
    gauges.forEach(registry::remove);
  }
}
