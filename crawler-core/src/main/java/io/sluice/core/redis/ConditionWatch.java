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
 * Watches how Redis fares, for all parts of the process: twice a second it asks for INFO and
 * attempts a write that changes nothing. What is amiss is said once, when it begins, and once more
 * when it has been well again for a second; parts that are refused meanwhile wait in silence.
 *
 * <p>Confined to the pool's I/O thread, {@link #condition} and {@link #awayNanos} excepted.
 */
final class ConditionWatch {

  private static final Logger LOG = LoggerFactory.getLogger(ConditionWatch.class);
  private static final RedisCondition WELL = new RedisCondition.Well();
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** An answer that takes longer is none. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(3);

  /** How long Redis must be well before that is said: at its bounds it may come and go. */
  private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final byte[] PROBE_KEY = Script.arg("{p0}:probe");
  private static final byte[] NOTHING = new byte[0];

  private final RedisPool pool;
  private final Lines lines;
  private final IoThread io;
  private final PoolMetrics metrics;
  private final long silenceNanos;
  private final List<Consumer<RedisCondition>> listeners = new ArrayList<>();

  /** The last question that has no answer yet. */
  private @Nullable Probe probe;

  /** The first question since the last answer: a silent connection may be replaced meanwhile. */
  private @Nullable Probe unanswered;

  /** Since when there is no connection to ask on. */
  private @Nullable Probe lineless;

  private long probes;
  private boolean stopped;
  private boolean wellOnce;
  private long sinceNanos;
  private long wellSinceNanos;
  private long awayBeforeNanos;
  private volatile RedisCondition condition = WELL;

  /** A question on its way. */
  private record Probe(long number, long sinceNanos) {}

  ConditionWatch(
      RedisPool pool, Lines lines, IoThread io, PoolMetrics metrics, Duration commandTimeout) {
    this.pool = pool;
    this.lines = lines;
    this.io = io;
    this.metrics = metrics;
    this.silenceNanos =
        commandTimeout.compareTo(LONGEST_SILENCE) < 0
            ? commandTimeout.toNanos()
            : LONGEST_SILENCE.toNanos();
  }

  /** How Redis fares. Thread-safe. */
  RedisCondition condition() {
    return condition;
  }

  /** Tells how Redis fares, now and whenever that changes. */
  void listen(Consumer<RedisCondition> listener) {
    listeners.add(listener);
    listener.accept(condition);
  }

  /** Asks now, and again until {@link #stop}. */
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

  /** Asks at once, unless an answer is awaited: somebody was refused or lost a connection. */
  void ask() {
    if (stopped || awaited()) {
      return;
    }
    Line line = liveliest();
    if (line != null) {
      lineless = null;
      send(line);
    } else {
      awaitLine();
    }
  }

  /** Whether a question is on its way; where none is answered for too long, Redis is away. */
  private boolean awaited() {
    long now = io.nanoTime();
    Probe first = unanswered;
    if (first != null && now - first.sinceNanos > silenceNanos) {
      if (answeredSince(first.sinceNanos)) {
        unanswered = null; // it was only that connection
      } else {
        observe(new RedisCondition.Away("Redis at " + pool.address() + " does not answer"));
      }
    }
    Probe asked = probe;
    return asked != null && now - asked.sinceNanos <= silenceNanos;
  }

  private void awaitLine() {
    Probe asked = lineless;
    if (asked == null) {
      lineless = new Probe(++probes, io.nanoTime());
    } else if (!openedLately() && io.nanoTime() - asked.sinceNanos > silenceNanos) {
      observe(unreachable());
    }
    if (lines.opening() == 0) { // a paused server takes connections and answers none
      lines.open();
    }
  }

  /** Whether there was a connection, which somebody who waited for one of their own has now. */
  private boolean openedLately() {
    return io.nanoTime() - lines.lastOpenedNanos() <= silenceNanos;
  }

  /** A connection could not be opened: if there is no other, Redis is away. */
  void openFailed() {
    if (lines.shared().isEmpty() && lines.leased().isEmpty()) {
      observe(unreachable());
    }
  }

  private RedisCondition unreachable() {
    return new RedisCondition.Away("Redis at " + pool.address() + " cannot be reached");
  }

  private boolean answeredSince(long nanos) {
    return lines.shared().stream().anyMatch(line -> line.answered && line.answerNanos - nanos > 0);
  }

  private @Nullable Line liveliest() {
    Line best = null;
    for (Line line : lines.shared()) {
      if (line.open() && (best == null || line.progressNanos - best.progressNanos > 0)) {
        best = line;
      }
    }
    return best;
  }

  private void send(Line line) {
    Probe sent = new Probe(++probes, io.nanoTime());
    probe = sent;
    unanswered = unanswered == null ? sent : unanswered;
    Command<String> info = new Command<>(pool, RedisAsyncCommands::info);
    Command<String> write = new Command<>(pool, ConditionWatch::writeNothing);
    info.serve(line);
    write.serve(line);
    var _ =
        info.result()
            .thenCombine(write.result(), (text, refusal) -> diagnose(text, refusal))
            .whenComplete((found, failure) -> answered(sent, found, failure));
  }

  /** Completes with Redis's refusal; the empty text is none. */
  private static CompletionStage<String> writeNothing(RedisAsyncCommands<byte[], byte[]> commands) {
    return commands.setrange(PROBE_KEY, 0, NOTHING).handle(ConditionWatch::refusal);
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

  private static RedisCondition diagnose(String info, String refusal) {
    return Diagnosis.of(ServerCheck.fields(info), refusal.isEmpty() ? null : refusal);
  }

  private void answered(Probe sent, @Nullable RedisCondition found, @Nullable Throwable failure) {
    if (!sent.equals(probe)) {
      return; // it came too late: another is on its way
    }
    probe = null;
    if (found != null) {
      unanswered = null;
      metrics.probed(io.nanoTime() - sent.sinceNanos);
      observe(found);
    } else {
      LOG.debug("a probe of Redis failed", failure);
      if (liveliest() == null) {
        awaitLine(); // if none can be opened, that is said at once
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
      LOG.warn("{}: the crawl waits for it", found.reason());
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
      LOG.info(
          "Redis is well again after {} s: the crawl goes on",
          TimeUnit.NANOSECONDS.toSeconds(now - sinceNanos));
      change(WELL);
    }
  }

  private void change(RedisCondition now) {
    LOG.debug("Redis: {}", now);
    condition = now;
    metrics.condition(now instanceof RedisCondition.Well, awayNanos());
    listeners.forEach(listener -> listener.accept(now));
  }
}
