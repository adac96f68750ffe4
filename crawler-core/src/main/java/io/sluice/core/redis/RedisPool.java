package io.sluice.core.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.lifecycle.RunningTime;
import io.sluice.core.metrics.LoopWatch;
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
 * window of {@value #WINDOW} commands in flight; a blocking reader or an ordered writer gets an
 * exclusive one. When all are taken, callers wait in turn for at most {@code
 * redis.pool.acquire-timeout}; they are never refused for lack of a connection, and the pool never
 * grows past its bound. One connection is always left for shared commands.
 *
 * <p>Nothing is replayed. A connection that breaks, or does not answer for the command timeout, is
 * closed, its commands fail with {@link RedisLostException}, and another is opened when needed. If
 * a caller cancels, it leaves the queue, or its reply is read and dropped.
 *
 * <p>The pool also watches the condition of Redis itself, for all parts of the process: {@link
 * #condition}.
 *
 * <p>Thread-safe: the state is confined to the pool's I/O thread, on which stages complete, too;
 * their callbacks must not block.
 */
public final class RedisPool implements AutoCloseable {

  /** Maximum number of commands in flight on a shared connection. */
  static final int WINDOW = 256;

  private static final Logger log = LoggerFactory.getLogger(RedisPool.class);

  private final Connector connector;
  private final RedisSettings settings;
  private final IoThread io;
  private final PoolMetrics metrics;
  private final LoopWatch loopWatch;
  private final Connections connections;
  private final WaitingQueue commands;
  private final WaitingQueue requests;
  private final ConnectionWatch connectionWatch;
  private final ConditionWatch conditionWatch;

  private boolean serving;
  private boolean serveAgain;
  private boolean closed;

  private RedisPool(
      RedisSettings settings,
      KeySpace keys,
      Connector connector,
      Ledger ledger,
      MeterRegistry registry,
      LongSupplier nanoTime) {
    Duration timeout = settings.commandTimeout();
    Duration patience = settings.pool().acquireTimeout();
    this.settings = settings;
    this.connector = connector;
    this.io = new IoThread(connector.loop(), nanoTime);
    this.metrics = new PoolMetrics(registry, settings.pool().max());
    this.loopWatch = LoopWatch.start("redis", connector.loop(), ledger, registry);
    this.connections =
        new Connections(connector, io, settings.pool().max(), metrics, this::connectionsChanged);
    this.commands = new WaitingQueue(io, patience, this::expire);
    this.requests = new WaitingQueue(io, patience, this::expire);
    this.connectionWatch = new ConnectionWatch(this, connections, io, metrics, timeout);
    this.conditionWatch = new ConditionWatch(this, keys, connections, io, metrics, timeout);
  }

  /**
   * Opens the pool and checks that the Redis server can keep a crawl: version 7 or later, no
   * read-only replica, no eviction, and no node of a cluster that keeps other keys. Waits while
   * Redis loads its data.
   *
   * @param settings where Redis is; the URI must not be {@code embedded}, whose server the caller
   *     starts first
   * @param keys the keys of the partition that the pool serves
   * @param clientName the name of this process in CLIENT LIST; no spaces
   * @param ledger where sockets are entered; borrowed
   * @param registry where the gauges are shown; borrowed
   * @throws RedisUnavailableException if Redis cannot be used; the message is one line that names
   *     the reason
   */
  public static RedisPool open(
      RedisSettings settings,
      KeySpace keys,
      String clientName,
      Ledger ledger,
      MeterRegistry registry)
      throws RedisUnavailableException {
    return open(settings, keys, clientName, ledger, registry, new CompletableFuture<>());
  }

  /**
   * As above, but abandoned as soon as {@code giveUp} completes; otherwise this waits up to five
   * minutes for Redis to load its data.
   */
  public static RedisPool open(
      RedisSettings settings,
      KeySpace keys,
      String clientName,
      Ledger ledger,
      MeterRegistry registry,
      CompletableFuture<?> giveUp)
      throws RedisUnavailableException {
    return open(settings, keys, clientName, ledger, registry, giveUp, RunningTime.watchedAlways());
  }

  /** As above, with a clock for tests. */
  static RedisPool open(
      RedisSettings settings,
      KeySpace keys,
      String clientName,
      Ledger ledger,
      MeterRegistry registry,
      LongSupplier nanoTime)
      throws RedisUnavailableException {
    return open(settings, keys, clientName, ledger, registry, new CompletableFuture<>(), nanoTime);
  }

  /**
   * As above, with the process's clock.
   *
   * @param nanoTime monotonic time; it is read twice a second while the pool is open, so it may be
   *     a {@link RunningTime} that is always watched
   */
  public static RedisPool open(
      RedisSettings settings,
      KeySpace keys,
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
      ServerCheck.check(connector, keys, settings.commandTimeout(), giveUp);
    } catch (RedisUnavailableException | RuntimeException e) {
      connector.close();
      throw e;
    }
    RedisPool pool = new RedisPool(settings, keys, connector, ledger, registry, nanoTime);
    pool.io.execute(pool.connectionWatch::look);
    pool.io.execute(pool.conditionWatch::look);
    return pool;
  }

  /** The server's address, without a password. */
  public String address() {
    return connector.address();
  }

  /**
   * The condition of Redis, at most half a second old, or a few seconds if Redis does not answer.
   */
  public RedisCondition condition() {
    return conditionWatch.condition();
  }

  /**
   * Reports the condition of Redis to a listener, now and whenever it changes.
   *
   * @param listener called on the I/O thread: it must not block
   */
  public void onCondition(Consumer<RedisCondition> listener) {
    io.execute(() -> conditionWatch.listen(listener));
  }

  /** The holders of exclusive connections, and for how long they have had them. */
  public List<Holder> holders() {
    return connectionWatch.holders();
  }

  /** Sends a PING; the stage completes with the time until the answer. */
  public CompletionStage<Duration> ping() {
    long startNanos = io.nanoTime();
    return submit(RedisAsyncCommands::ping)
        .thenApply(pong -> Duration.ofNanos(io.nanoTime() - startNanos));
  }

  /**
   * Closes every connection and fails all waiting callers. Takes milliseconds, at most some
   * seconds.
   */
  @Override
  public void close() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (io.execute(() -> closeAll(done))) {
      try {
        done.get(2, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        log.warn("Redis connections did not close in time", e);
      }
    }
    loopWatch.close();
    connector.close();
    metrics.close();
  }

  /** How long a command may take. */
  public Duration commandTimeout() {
    return settings.commandTimeout();
  }

  /** The I/O thread, on which commands complete; the pool closes it. */
  public EventLoop loop() {
    return io.loop();
  }

  /** The pool's monotonic clock. */
  public long nanoTime() {
    return io.nanoTime();
  }

  /**
   * Runs a command on a shared connection, waiting for a place if necessary.
   *
   * @param command issues the command; called on the I/O thread
   * @return a future that fails with Redis's answer ({@link RedisCommandExecutionException}) or
   *     with {@link RedisLostException}; it completes on the I/O thread and may be cancelled
   */
  public <T> CompletableFuture<T> submit(
      Function<RedisAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command) {
    Command<T> waiter = new Command<>(this, command);
    admit(waiter, commands);
    return waiter.result;
  }

  /**
   * As {@link #submit}, and waits for the answer, for at most twice the command timeout.
   *
   * @throws RedisLostException if no answer arrives in time, or Redis refuses
   */
  public <T> T ask(
      Function<RedisAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command) {
    CompletableFuture<T> reply = submit(command);
    try {
      return reply.get(2 * commandTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      reply.cancel(false);
      Thread.currentThread().interrupt();
      throw new RedisLostException("interrupted", e);
    } catch (TimeoutException e) {
      reply.cancel(false);
      throw new RedisLostException("Redis did not answer in time", e);
    } catch (ExecutionException e) {
      RuntimeException lost = lost(e);
      throw lost instanceof RedisCommandExecutionException refused
          ? new RedisLostException("Redis refused a command: " + refused.getMessage(), refused)
          : lost;
    }
  }

  /**
   * Waits for an exclusive connection.
   *
   * @param holder the caller: a short, fixed word for logs
   * @param keeping how long it is meant to be kept
   * @throws RedisLostException if none became free in time
   */
  public ExclusiveConnection exclusive(String holder, Keeping keeping) {
    CompletableFuture<ExclusiveConnection> asked = exclusiveAsync(holder, keeping);
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

  /** Cancels a request. A connection that arrives at the same moment is given back. */
  private static void giveUp(CompletableFuture<ExclusiveConnection> asked) {
    if (!asked.cancel(false) && !asked.isCompletedExceptionally()) {
      asked.join().close();
    }
  }

  /**
   * As {@link #exclusive}, without blocking. A caller that cancels gets no connection, and none is
   * lost.
   */
  public CompletableFuture<ExclusiveConnection> exclusiveAsync(String holder, Keeping keeping) {
    Throwable where = log.isDebugEnabled() ? new Throwable("requested here") : null;
    ConnectionRequest waiter = new ConnectionRequest(this, holder, keeping, where);
    admit(waiter, requests);
    return waiter.result;
  }

  /**
   * The exception to throw for a failed command: an error that Redis answered, except that it is
   * loading its data, is passed on; everything else becomes a lost connection.
   */
  public static RuntimeException lost(Throwable failure) {
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

  /** Probes Redis without delay, because a caller was refused or lost a connection. */
  public void suspect() {
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
      waiter.fail(
          new RedisLostException(
              "too many callers are waiting for Redis (limit " + WaitingQueue.MOST + ")"));
    } else {
      serve();
    }
  }

  private void expire(Waiter waiter) {
    metrics.expired();
    waiter.fail(
        new RedisLostException(
            "no connection to " + address() + " within redis.pool.acquire-timeout",
            connections.lastFailure()));
    updateGauges();
  }

  private void connectionsChanged() {
    if (connections.lastFailure() != null) {
      conditionWatch.openFailed();
    }
    connectionWatch.holdersChanged();
    serve();
  }

  /** Gives out what is free, to each queue in turn; opens a connection if that would help. */
  private void serve() {
    serveAgain = true;
    if (serving || closed) {
      return; // a command that fails at once makes its caller call this again
    }
    serving = true;
    try {
      while (serveAgain) {
        serveAgain = false;
        serveRequests();
        serveCommands();
      }
    } finally {
      serving = false;
    }
    openIfNeeded();
    updateGauges();
  }

  private void serveRequests() {
    if (requests.isEmpty()) {
      connections.drainNone();
    }
    while (!requests.isEmpty() && mayBeExclusive()) {
      PooledConnection connection = connections.takeIdle();
      if (connection == null) {
        return;
      }
      requests.next().serve(connection);
      connectionWatch.holdersChanged();
    }
  }

  private void serveCommands() {
    while (!commands.isEmpty()) {
      PooledConnection connection = connections.roomiest();
      if (connection == null) {
        return;
      }
      commands.next().serve(connection);
    }
  }

  /** One connection is always left for commands. */
  private boolean mayBeExclusive() {
    return connections.exclusive().size() < settings.pool().max() - 1;
  }

  private void openIfNeeded() {
    boolean wantsConnection = !requests.isEmpty() && mayBeExclusive();
    boolean wantsRoom = !commands.isEmpty() && connections.opening() == 0;
    if (wantsConnection
        && connections.opening() == 0
        && connections.size() >= settings.pool().max()) {
      connections.drainOne();
    } else if (wantsRoom || (wantsConnection && connections.opening() < requests.size())) {
      connections.open();
    }
  }

  void began(PooledConnection connection) {
    if (connection.inFlight++ == 0) {
      connection.progressNanos = io.nanoTime();
    }
  }

  void answered(PooledConnection connection) {
    connection.inFlight--;
    connection.progressNanos = io.nanoTime();
    if (!commands.isEmpty() || !requests.isEmpty()) {
      serve();
    } else if (connection.inFlight == 0) {
      updateGauges();
    }
  }

  void waited(long nanos) {
    metrics.waited(nanos);
  }

  /** Takes back an exclusive connection; closes it if replies may be outstanding. */
  void giveBack(PooledConnection connection, boolean reusable) {
    io.execute(() -> connections.giveBack(connection, reusable));
  }

  private void closeAll(CompletableFuture<Void> done) {
    closed = true;
    connectionWatch.stop();
    conditionWatch.stop();
    RedisLostException reason = new RedisLostException("the Redis pool is closed");
    commands.failAll(reason);
    requests.failAll(reason);
    var _ = connections.closeAll().whenComplete((nothing, failure) -> done.complete(null));
    updateGauges();
  }

  private void updateGauges() {
    int idle = 0;
    for (PooledConnection connection : connections.shared()) {
      idle += connection.inFlight == 0 ? 1 : 0;
    }
    metrics.update(
        connections.shared().size() + connections.exclusive().size(),
        idle,
        connections.exclusive().size(),
        commands.size() + requests.size());
  }
}
