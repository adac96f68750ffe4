package io.sluice.core.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the condition of Redis, for all parts of the process: twice a second it asks for INFO and
 * attempts a write that changes nothing. A problem is logged once, when it begins, and once more
 * when Redis has been available again for a second; parts that are refused meanwhile wait silently.
 *
 * <p>Confined to the pool's I/O thread, except for {@link #condition}.
 */
final class ConditionWatch {

  private static final Logger log = LoggerFactory.getLogger(ConditionWatch.class);
  private static final RedisCondition WELL = new RedisCondition.Well();
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Maximum time for the answer to a probe; a later one counts as missing. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(3);

  /**
   * How long Redis must be well before its recovery is logged, since Redis at its limits may fail
   * and recover again and again.
   */
  private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final byte[] NOTHING = new byte[0];

  private final RedisPool pool;
  private final byte[] probeKey;
  private final Connections connections;
  private final IoThread io;
  private final PoolMetrics metrics;
  private final long silenceNanos;
  private final List<Consumer<RedisCondition>> listeners = new ArrayList<>();

  /** The latest probe, if it has no answer yet. */
  private @Nullable Probe probe;

  /** The first probe since the last answer: a silent connection may be replaced meanwhile. */
  private @Nullable Probe unanswered;

  /** The probe that waits for a connection on which to send it; null while one is open. */
  private @Nullable Probe unsent;

  private long probes;
  private boolean stopped;
  private boolean wellOnce;
  private long sinceNanos;
  private long wellSinceNanos;
  private long awayBeforeNanos;
  private volatile RedisCondition condition = WELL;

  /** A probe on its way. */
  private record Probe(long number, long sinceNanos) {}

  ConditionWatch(
      RedisPool pool,
      KeySpace keys,
      Connections connections,
      IoThread io,
      PoolMetrics metrics,
      Duration commandTimeout) {
    this.pool = pool;
    this.probeKey = Script.arg(keys.probe());
    this.connections = connections;
    this.io = io;
    this.metrics = metrics;
    this.silenceNanos =
        commandTimeout.compareTo(LONGEST_SILENCE) < 0
            ? commandTimeout.toNanos()
            : LONGEST_SILENCE.toNanos();
  }

  /** The condition of Redis. Thread-safe. */
  RedisCondition condition() {
    return condition;
  }

  /** Reports the condition now and whenever it changes. */
  void listen(Consumer<RedisCondition> listener) {
    listeners.add(listener);
    listener.accept(condition);
  }

  /** Probes now, and periodically until {@link #stop}. */
  void look() {
    if (!stopped) {
      ask();
      metrics.condition(condition instanceof RedisCondition.Well, awayNanos());
      io.later(this::look, PERIOD_NANOS);
    }
  }

  void stop() {
    stopped = true;
  }

  private long awayNanos() {
    return condition instanceof RedisCondition.Well
        ? awayBeforeNanos
        : awayBeforeNanos + io.nanoTime() - sinceNanos;
  }

  /** Probes at once, unless an earlier probe is still waiting for its answer. */
  void ask() {
    if (stopped || awaited()) {
      return;
    }
    PooledConnection connection = liveliest();
    if (connection != null) {
      unsent = null;
      send(connection);
    } else {
      awaitConnection();
    }
  }

  /** Whether a probe is on its way; if none is answered for too long, Redis is away. */
  private boolean awaited() {
    long now = io.nanoTime();
    Probe first = unanswered;
    if (first != null && now - first.sinceNanos > silenceNanos) {
      if (answeredSince(first.sinceNanos)) {
        unanswered = null; // only that connection was silent
      } else {
        observe(new RedisCondition.Away("Redis at " + pool.address() + " does not answer"));
      }
    }
    Probe asked = probe;
    return asked != null && now - asked.sinceNanos <= silenceNanos;
  }

  private void awaitConnection() {
    Probe asked = unsent;
    if (asked == null) {
      unsent = new Probe(++probes, io.nanoTime());
    } else if (!openedLately() && io.nanoTime() - asked.sinceNanos > silenceNanos) {
      observe(unreachable());
    }
    if (connections.opening() == 0) { // a paused server accepts connections but answers none
      connections.open();
    }
  }

  /** Whether a connection was opened recently; a waiting caller may have taken it exclusively. */
  private boolean openedLately() {
    return io.nanoTime() - connections.lastOpenedNanos() <= silenceNanos;
  }

  /** Notes that a connection could not be opened: if there is no other, Redis is away. */
  void openFailed() {
    if (connections.shared().isEmpty() && connections.exclusive().isEmpty()) {
      observe(unreachable());
    }
  }

  private RedisCondition unreachable() {
    return new RedisCondition.Away("Redis at " + pool.address() + " cannot be reached");
  }

  private boolean answeredSince(long nanos) {
    return connections.shared().stream()
        .anyMatch(connection -> connection.answered && connection.answerNanos - nanos > 0);
  }

  private @Nullable PooledConnection liveliest() {
    PooledConnection best = null;
    for (PooledConnection connection : connections.shared()) {
      if (connection.open()
          && (best == null || connection.progressNanos - best.progressNanos > 0)) {
        best = connection;
      }
    }
    return best;
  }

  private void send(PooledConnection connection) {
    Probe sent = new Probe(++probes, io.nanoTime());
    probe = sent;
    unanswered = unanswered == null ? sent : unanswered;
    Command<String> info = new Command<>(pool, RedisAsyncCommands::info);
    Command<String> write = new Command<>(pool, commands -> writeNothing(commands, probeKey));
    info.serve(connection);
    write.serve(connection);
    var _ =
        info.result()
            .thenCombine(write.result(), (text, refusal) -> diagnose(text, refusal))
            .whenComplete((found, failure) -> answered(sent, found, failure));
  }

  /**
   * Attempts a write that changes nothing. Completes with Redis's refusal, or an empty text if it
   * is accepted.
   */
  static CompletionStage<String> writeNothing(
      RedisAsyncCommands<byte[], byte[]> commands, byte[] probeKey) {
    return commands.setrange(probeKey, 0, NOTHING).handle(ConditionWatch::refusal);
  }

  private static String refusal(@Nullable Long taken, @Nullable Throwable failure) {
    if (failure == null) {
      return "";
    }
    if (failure instanceof RedisCommandExecutionException refused) {
      return String.valueOf(refused.getMessage());
    }
    throw new CompletionException(failure);
  }

  private RedisCondition diagnose(String info, String refusal) {
    return Diagnosis.of(
        pool.address(), ServerInfo.fields(info), refusal.isEmpty() ? null : refusal);
  }

  private void answered(Probe sent, @Nullable RedisCondition found, @Nullable Throwable failure) {
    if (!sent.equals(probe)) {
      return; // it came too late: another probe is on its way
    }
    probe = null;
    if (found != null) {
      unanswered = null;
      metrics.probed(io.nanoTime() - sent.sinceNanos);
      observe(found);
    } else {
      log.debug("a probe of Redis failed", failure);
      if (liveliest() == null) {
        awaitConnection(); // if none can be opened, that is reported at once
      }
    }
  }

  private void observe(RedisCondition found) {
    if (stopped) {
      return;
    }
    if (found instanceof RedisCondition.Well) {
      observeWell();
      return;
    }
    wellOnce = false;
    RedisCondition former = condition;
    if (former instanceof RedisCondition.Well) {
      sinceNanos = io.nanoTime();
      log.warn("{}; the crawl is waiting for it", found.reason());
    } else if (!found.getClass().equals(former.getClass())) {
      log.info("{}; the crawl is still waiting for it", found.reason());
    }
    if (!found.equals(former)) {
      change(found);
    }
  }

  private void observeWell() {
    if (condition instanceof RedisCondition.Well) {
      return;
    }
    long now = io.nanoTime();
    if (!wellOnce) {
      wellOnce = true;
      wellSinceNanos = now;
    } else if (now - wellSinceNanos >= CALM_NANOS) {
      awayBeforeNanos = awayNanos();
      log.info(
          "Redis has recovered after {} s; the crawl goes on",
          TimeUnit.NANOSECONDS.toSeconds(now - sinceNanos));
      change(WELL);
    }
  }

  private void change(RedisCondition next) {
    log.debug("Redis: {}", next);
    condition = next;
    metrics.condition(next instanceof RedisCondition.Well, awayNanos());
    listeners.forEach(listener -> listener.accept(next));
  }
}
