package io.sluice.core.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.resource.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process's connections to Redis: one pool, shared by all of its parts, that never holds more
 * than {@code redis.pool.max} connections. Most commands share a few connections, each with a
 * window of {@value #WINDOW} commands in flight; a blocking reader or an ordered writer leases a
 * connection of its own. When all is taken, callers wait in turn for at most {@code
 * redis.pool.acquire-timeout}; they are never refused for want of a connection, and the pool never
 * grows past its bound. One connection is always left for shared commands.
 *
 * <p>Nothing is replayed. A connection that breaks, or answers nothing for the command timeout, is
 * closed, its commands fail with {@link RedisLostException}, and another is opened when it is
 * needed. A caller that cancels gives up its place, or its reply is read off and dropped.
 *
 * <p>The pool also watches how Redis itself fares, for all parts of the process: {@link
 * #condition}.
 *
 * <p>Thread-safe: the state is confined to the pool's I/O thread, on which stages complete too; who
 * continues there must not block.
 */
public final class RedisPool implements AutoCloseable {

  /** Commands in flight on a shared connection at most. */
  static final int WINDOW = 256;

  private static final Logger LOG = LoggerFactory.getLogger(RedisPool.class);

  private final Connector connector;
  private final RedisSettings settings;
  private final IoThread io;
  private final PoolMetrics metrics;
  private final Lines lines;
  private final WaitingQueue commands;
  private final WaitingQueue claims;
  private final LineWatch lineWatch;
  private final ConditionWatch conditionWatch;

  private boolean serving;
  private boolean serveAgain;
  private boolean closed;

  private RedisPool(
      RedisSettings settings, Connector connector, MeterRegistry registry, LongSupplier nanoTime) {
    Duration timeout = settings.commandTimeout();
    Duration patience = settings.pool().acquireTimeout();
    this.settings = settings;
    this.connector = connector;
    this.io = new IoThread(connector.loop(), nanoTime);
    this.metrics = new PoolMetrics(registry, settings.pool().max());
    this.lines = new Lines(connector, io, settings.pool().max(), metrics, this::linesChanged);
    this.commands = new WaitingQueue(io, patience, this::expire);
    this.claims = new WaitingQueue(io, patience, this::expire);
    this.lineWatch = new LineWatch(this, lines, io, metrics, timeout);
    this.conditionWatch = new ConditionWatch(this, lines, io, metrics, timeout);
  }

  /**
   * Opens the pool and checks that the Redis behind it can keep a crawl: version 7 or later, no
   * read-only replica, no eviction. Waits while Redis loads its data.
   *
   * @param settings where Redis is; the URI must not be {@code embedded}, whose server the caller
   *     starts first
   * @param clientName the name of this process in CLIENT LIST; no spaces
   * @param ledger where sockets are entered; borrowed
   * @param registry where the gauges are shown; borrowed
   * @throws RedisUnavailableException with one line that says what is wrong
   */
  public static RedisPool open(
      RedisSettings settings, String clientName, Ledger ledger, MeterRegistry registry)
      throws RedisUnavailableException {
    return open(settings, clientName, ledger, registry, new CompletableFuture<>());
  }

  /**
   * The same, given up as soon as {@code giveUp} completes: a Redis that loads its data is waited
   * for some minutes otherwise.
   */
  public static RedisPool open(
      RedisSettings settings,
      String clientName,
      Ledger ledger,
      MeterRegistry registry,
      CompletableFuture<?> giveUp)
      throws RedisUnavailableException {
    return open(settings, clientName, ledger, registry, giveUp, System::nanoTime);
  }

  /** The same with a clock of the test's. */
  static RedisPool open(
      RedisSettings settings,
      String clientName,
      Ledger ledger,
      MeterRegistry registry,
      LongSupplier nanoTime)
      throws RedisUnavailableException {
    return open(settings, clientName, ledger, registry, new CompletableFuture<>(), nanoTime);
  }

  private static RedisPool open(
      RedisSettings settings,
      String clientName,
      Ledger ledger,
      MeterRegistry registry,
      CompletableFuture<?> giveUp,
      LongSupplier nanoTime)
      throws RedisUnavailableException {
    if (settings.pool().max() < 2) {
      throw new RedisUnavailableException("redis.pool.max: must be at least 2");
    }
    Connector connector = new Connector(settings, clientName, WINDOW, ledger);
    try {
      ServerCheck.check(connector, settings.commandTimeout(), giveUp);
    } catch (RedisUnavailableException | RuntimeException e) {
      connector.close();
      throw e;
    }
    RedisPool pool = new RedisPool(settings, connector, registry, nanoTime);
    pool.io.execute(pool.lineWatch::look);
    pool.io.execute(pool.conditionWatch::look);
    return pool;
  }

  /** The server's address, without a password. */
  public String address() {
    return connector.address();
  }

  /** How Redis fares, as of half a second ago, or a few seconds where it does not answer. */
  public RedisCondition condition() {
    return conditionWatch.condition();
  }

  /**
   * Tells a listener how Redis fares, now and whenever that changes.
   *
   * @param listener called on the I/O thread: it must not block
   */
  public void onCondition(Consumer<RedisCondition> listener) {
    io.execute(() -> conditionWatch.listen(listener));
  }

  /** Who has a connection alone, and for how long. */
  public List<Holder> holders() {
    return lineWatch.holders();
  }

  /** Asks Redis for an answer; completes with the time it took. */
  public CompletionStage<Duration> ping() {
    long startNanos = io.nanoTime();
    return submit(RedisAsyncCommands::ping)
        .thenApply(pong -> Duration.ofNanos(io.nanoTime() - startNanos));
  }

  /** Closes every connection and fails whoever waits. Takes milliseconds, some seconds at most. */
  @Override
  public void close() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (io.execute(() -> closeAll(done))) {
      try {
        done.get(2, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        LOG.warn("Redis connections did not close in time", e);
      }
    }
    connector.close();
    metrics.close();
  }

  /** How long a command may take. */
  Duration commandTimeout() {
    return settings.commandTimeout();
  }

  EventLoop loop() {
    return io.loop();
  }

  long nanoTime() {
    return io.nanoTime();
  }

  /**
   * Runs a command on a shared connection, waiting for a place if need be.
   *
   * @param command issues the command; called on the I/O thread
   * @return fails with what Redis answered ({@link RedisCommandExecutionException}) or with {@link
   *     RedisLostException}; completes on the I/O thread; may be cancelled
   */
  <T> CompletableFuture<T> submit(
      Function<RedisAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command) {
    Command<T> waiter = new Command<>(this, command);
    admit(waiter, commands);
    return waiter.result;
  }

  /**
   * Waits for a connection of one's own.
   *
   * @param holder who asks: a short, fixed word for logs
   * @param keeping for how long it is meant to be kept
   * @throws RedisLostException if none came in time
   */
  LeasedConnection lease(String holder, Keeping keeping) {
    CompletableFuture<LeasedConnection> asked = leaseAsync(holder, keeping);
    try {
      return asked.get(settings.pool().acquireTimeout().toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      giveUp(asked);
      Thread.currentThread().interrupt();
      throw new RedisLostException("interrupted", e);
    } catch (TimeoutException e) {
      giveUp(asked);
      throw new RedisLostException("no connection to " + address() + " in time", e);
    } catch (ExecutionException e) {
      throw lost(e);
    }
  }

  /** The connection may come at this very moment: then it goes back. */
  private static void giveUp(CompletableFuture<LeasedConnection> asked) {
    if (!asked.cancel(false) && !asked.isCompletedExceptionally()) {
      asked.join().close();
    }
  }

  /** As {@link #lease}, without blocking. A cancelled caller gets no connection and costs none. */
  CompletableFuture<LeasedConnection> leaseAsync(String holder, Keeping keeping) {
    Throwable where = LOG.isDebugEnabled() ? new Throwable("leased here") : null;
    Claim waiter = new Claim(this, holder, keeping, where);
    admit(waiter, claims);
    return waiter.result;
  }

  /** What a failed command means: an answer of Redis as it is, all else a lost connection. */
  static RuntimeException lost(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof RedisLoadingException) {
      return new RedisLostException("Redis is loading its data", cause);
    }
    if (cause instanceof RedisCommandExecutionException answered) {
      return answered;
    }
    return cause instanceof RedisLostException known
        ? known
        : new RedisLostException("the connection to Redis was lost", cause);
  }

  /** Somebody was refused or lost a connection: looks how Redis fares without waiting. */
  void suspect() {
    io.execute(conditionWatch::ask);
  }

  private void admit(Waiter waiter, WaitingQueue queue) {
    if (!io.execute(() -> take(waiter, queue))) {
      waiter.fail(new RedisLostException("the Redis pool is closed"));
    }
  }

  // --- from here on: on the I/O thread ---

  private void take(Waiter waiter, WaitingQueue queue) {
    if (closed) {
      waiter.fail(new RedisLostException("the Redis pool is closed"));
    } else if (!queue.admit(waiter)) {
      waiter.fail(new RedisLostException("too many callers wait for Redis: " + WaitingQueue.MOST));
    } else {
      serve();
    }
  }

  private void expire(Waiter waiter) {
    metrics.expired();
    waiter.fail(
        new RedisLostException(
            "no connection to " + address() + " within redis.pool.acquire-timeout",
            lines.lastFailure()));
    updateGauges();
  }

  private void linesChanged() {
    if (lines.lastFailure() != null) {
      conditionWatch.openFailed();
    }
    lineWatch.leasesChanged();
    serve();
  }

  /** Gives out what is free, to each queue in turn; opens a connection where that would help. */
  private void serve() {
    serveAgain = true;
    if (serving || closed) {
      return; // a command that fails at once brings its caller back here
    }
    serving = true;
    try {
      while (serveAgain) {
        serveAgain = false;
        serveClaims();
        serveCommands();
      }
    } finally {
      serving = false;
    }
    openIfNeeded();
    updateGauges();
  }

  private void serveClaims() {
    if (claims.isEmpty()) {
      lines.drainNone();
    }
    while (!claims.isEmpty() && mayLease()) {
      Line line = lines.leaseIdle();
      if (line == null) {
        return;
      }
      claims.next().serve(line);
      lineWatch.leasesChanged();
    }
  }

  private void serveCommands() {
    while (!commands.isEmpty()) {
      Line line = lines.roomiest();
      if (line == null) {
        return;
      }
      commands.next().serve(line);
    }
  }

  /** One connection is always left for commands. */
  private boolean mayLease() {
    return lines.leased().size() < settings.pool().max() - 1;
  }

  private void openIfNeeded() {
    boolean wantsLine = !claims.isEmpty() && mayLease();
    boolean wantsRoom = !commands.isEmpty() && lines.opening() == 0;
    if (wantsLine && lines.opening() == 0 && lines.size() >= settings.pool().max()) {
      lines.drainOne();
    } else if (wantsRoom || (wantsLine && lines.opening() < claims.size())) {
      lines.open();
    }
  }

  void began(Line line) {
    if (line.inFlight++ == 0) {
      line.progressNanos = io.nanoTime();
    }
  }

  void answered(Line line) {
    line.inFlight--;
    line.progressNanos = io.nanoTime();
    if (!commands.isEmpty() || !claims.isEmpty()) {
      serve();
    } else if (line.inFlight == 0) {
      updateGauges();
    }
  }

  void waited(long nanos) {
    metrics.waited(nanos);
  }

  /** Takes a leased connection back; one that may have replies to come is closed. */
  void giveBack(Line line, boolean reusable) {
    io.execute(() -> lines.giveBack(line, reusable));
  }

  private void closeAll(CompletableFuture<Void> done) {
    closed = true;
    lineWatch.stop();
    conditionWatch.stop();
    RedisLostException reason = new RedisLostException("the Redis pool is closed");
    commands.failAll(reason);
    claims.failAll(reason);
    var _ = lines.closeAll().whenComplete((nothing, failure) -> done.complete(null));
    updateGauges();
  }

  private void updateGauges() {
    int idle = 0;
    for (Line line : lines.shared()) {
      idle += line.inFlight == 0 ? 1 : 0;
    }
    metrics.update(
        lines.shared().size() + lines.leased().size(),
        idle,
        lines.leased().size(),
        commands.size() + claims.size());
  }
}
