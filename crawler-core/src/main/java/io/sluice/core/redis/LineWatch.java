package io.sluice.core.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the pool's lines, a few times in each command timeout: closes those that answer
 * nothing, tries those that have been idle for {@value #IDLE_SECONDS} seconds, and names whoever
 * keeps one for more than {@value #OVERDUE_SECONDS} seconds without having said so.
 *
 * <p>Confined to the pool's I/O thread, {@link #holders} excepted.
 */
final class LineWatch {

  private static final Logger LOG = LoggerFactory.getLogger(LineWatch.class);
  private static final int IDLE_SECONDS = 15;
  private static final int OVERDUE_SECONDS = 60;
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
  private static final long OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(OVERDUE_SECONDS);
  private static final long SHORTEST_PERIOD_MILLIS = 20;
  private static final long LONGEST_PERIOD_MILLIS = 1_000;

  private final RedisPool pool;
  private final Lines lines;
  private final IoThread io;
  private final PoolMetrics metrics;
  private final long timeoutNanos;
  private boolean stopped;
  private volatile List<Line.Lease> leases = List.of();

  LineWatch(
      RedisPool pool, Lines lines, IoThread io, PoolMetrics metrics, Duration commandTimeout) {
    this.pool = pool;
    this.lines = lines;
    this.io = io;
    this.metrics = metrics;
    this.timeoutNanos = commandTimeout.toNanos();
  }

  /** Looks now, and again until {@link #stop}. */
  void look() {
    if (stopped) {
      return;
    }
    long now = io.nanoTime();
    List.copyOf(lines.shared()).forEach(line -> lookAfter(line, now));
    leasesChanged();
    leases.forEach(lease -> reportOverdue(lease, now));
    long millis =
        Math.clamp(
            TimeUnit.NANOSECONDS.toMillis(timeoutNanos / 4),
            SHORTEST_PERIOD_MILLIS,
            LONGEST_PERIOD_MILLIS);
    io.later(this::look, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  void stop() {
    stopped = true;
  }

  private void lookAfter(Line line, long now) {
    long silentNanos = now - line.progressNanos;
    if (line.inFlight > 0 && silentNanos > timeoutNanos) {
      metrics.timedOut();
      lines.remove(line);
    } else if (line.inFlight == 0 && silentNanos > IDLE_NANOS) {
      new Command<>(pool, RedisAsyncCommands::ping).serve(line);
    }
  }

  private void reportOverdue(Line.Lease lease, long now) {
    if (overdue(lease, now) && !lease.reported) {
      lease.reported = true;
      LOG.warn(
          "{} keeps a Redis connection for {} s now: it is not given back",
          lease.holder,
          TimeUnit.NANOSECONDS.toSeconds(now - lease.sinceNanos));
      LOG.debug("{} took it here", lease.holder, lease.where);
    }
  }

  private static boolean overdue(Line.Lease lease, long now) {
    return lease.keeping == Keeping.BRIEFLY && now - lease.sinceNanos > OVERDUE_NANOS;
  }

  /** Takes note of who has a line now. */
  void leasesChanged() {
    long now = io.nanoTime();
    List<Line.Lease> current = new ArrayList<>(lines.leased().size());
    int overdue = 0;
    for (Line line : lines.leased()) {
      Line.Lease lease = line.lease;
      if (lease != null) {
        current.add(lease);
        overdue += overdue(lease, now) ? 1 : 0;
      }
    }
    leases = current;
    metrics.overdue(overdue);
  }

  /** Who has a line alone; of a moment ago. Thread-safe. */
  List<Holder> holders() {
    long now = io.nanoTime();
    return leases.stream()
        .map(
            lease ->
                new Holder(
                    lease.holder,
                    Duration.ofNanos(Math.max(0, now - lease.sinceNanos)),
                    lease.keeping == Keeping.FOR_LIFE))
        .toList();
  }
}
