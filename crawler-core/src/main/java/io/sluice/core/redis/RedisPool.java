package io.sluice.core.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.resource.Ledger;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
 * <p>Thread-safe: the state is confined to the pool's I/O thread, on which stages complete too; who
 * continues there must not block.
 */
public final class RedisPool implements AutoCloseable {

  /** Commands in flight on a shared connection at most. */
  static final int WINDOW = 256;

  private static final Logger LOG = LoggerFactory.getLogger(RedisPool.class);
  private static final int MAX_WAITING = 100_000;
  private static final long FIRST_BACKOFF_MILLIS = 50;
  private static final long LAST_BACKOFF_MILLIS = 1_000;
  private static final Duration IDLE_CHECK = Duration.ofSeconds(15);

  private final Connector connector;
  private final EventLoop loop;
  private final RedisSettings settings;
  private final PoolMetrics metrics;

  private final List<Line> shared = new ArrayList<>();
  private final List<Line> leased = new ArrayList<>();
  private final Deque<Waiter> commandWaiters = new ArrayDeque<>();
  private final Deque<Waiter> leaseWaiters = new ArrayDeque<>();
  private int opening;
  private long backoffMillis;
  private boolean backingOff;
  private boolean closed;
  private @Nullable Throwable lastFailure;

  private RedisPool(RedisSettings settings, Connector connector, MeterRegistry registry) {
    this.settings = settings;
    this.connector = connector;
    this.loop = connector.loop();
    this.metrics = new PoolMetrics(registry, settings.pool().max());
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
    if (settings.pool().max() < 2) {
      throw new RedisUnavailableException("redis.pool.max: must be at least 2");
    }
    Connector connector = new Connector(settings, clientName, WINDOW, ledger);
    try {
      ServerCheck.check(connector, settings.commandTimeout());
    } catch (RedisUnavailableException | RuntimeException e) {
      connector.close();
      throw e;
    }
    RedisPool pool = new RedisPool(settings, connector, registry);
    pool.loop.execute(pool::watch);
    return pool;
  }

  /** The server's address, without a password. */
  public String address() {
    return connector.address();
  }

  /** Asks Redis for an answer; completes with the time it took. */
  public CompletionStage<Duration> ping() {
    long startNanos = System.nanoTime();
    return submit(RedisAsyncCommands::ping)
        .thenApply(pong -> Duration.ofNanos(System.nanoTime() - startNanos));
  }

  /** Closes every connection and fails whoever waits. Takes milliseconds, some seconds at most. */
  @Override
  public void close() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (execute(() -> closeAll(done))) {
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
    return loop;
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
    if (!execute(() -> admit(waiter, commandWaiters))) {
      waiter.fail(new RedisLostException("the Redis pool is closed"));
    }
    return waiter.result;
  }

  /**
   * Waits for a connection of one's own.
   *
   * @param holder who asks: a short, fixed word for logs
   * @throws RedisLostException if none came in time
   */
  LeasedConnection lease(String holder) {
    CompletableFuture<LeasedConnection> asked = leaseAsync(holder);
    try {
      return asked.get(settings.pool().acquireTimeout().toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      asked.cancel(false);
      Thread.currentThread().interrupt();
      throw new RedisLostException("interrupted", e);
    } catch (TimeoutException e) {
      asked.cancel(false);
      throw new RedisLostException("no connection to " + address() + " in time", e);
    } catch (ExecutionException e) {
      throw lost(e);
    }
  }

  /** As {@link #lease}, without blocking. A cancelled caller gets no connection and costs none. */
  CompletableFuture<LeasedConnection> leaseAsync(String holder) {
    Claim waiter = new Claim(this, holder);
    if (!execute(() -> admit(waiter, leaseWaiters))) {
      waiter.fail(new RedisLostException("the Redis pool is closed"));
    }
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

  // --- from here on: on the I/O thread ---

  private boolean execute(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void admit(Waiter waiter, Deque<Waiter> queue) {
    if (closed) {
      waiter.fail(new RedisLostException("the Redis pool is closed"));
      return;
    }
    if (queue.size() >= MAX_WAITING) {
      waiter.fail(new RedisLostException("too many callers wait for Redis: " + MAX_WAITING));
      return;
    }
    waiter.deadlineNanos = System.nanoTime() + settings.pool().acquireTimeout().toNanos();
    if (queue.isEmpty()) {
      queue.add(waiter);
      serve();
      if (!queue.isEmpty()) {
        expireAt(queue, waiter.deadlineNanos);
      }
    } else {
      queue.add(waiter);
    }
    updateGauges();
  }

  /** Gives out what is free, to each queue in turn; opens a connection where that would help. */
  private void serve() {
    while (hasWaiter(leaseWaiters) && leased.size() < settings.pool().max() - 1) {
      Line line = takeIdleLine();
      if (line == null) {
        break;
      }
      grantLease(line, leaseWaiters.remove());
    }
    while (hasWaiter(commandWaiters)) {
      Line line = roomiestLine();
      if (line == null) {
        break;
      }
      commandWaiters.remove().serve(line);
    }
    openIfNeeded();
    updateGauges();
  }

  private static boolean hasWaiter(Deque<Waiter> queue) {
    while (!queue.isEmpty() && queue.element().gone()) {
      queue.remove();
    }
    return !queue.isEmpty();
  }

  private @Nullable Line takeIdleLine() {
    for (int i = 0; i < shared.size(); i++) {
      if (shared.get(i).inFlight == 0 && shared.get(i).open()) {
        return shared.remove(i);
      }
    }
    return null;
  }

  private @Nullable Line roomiestLine() {
    Line best = null;
    for (Line line : shared) {
      boolean fits = line.inFlight < WINDOW && !line.draining && line.open();
      if (fits && (best == null || line.inFlight < best.inFlight)) {
        best = line;
      }
    }
    return best;
  }

  private void grantLease(Line line, Waiter waiter) {
    leased.add(line);
    line.draining = false;
    waiter.serve(line);
  }

  private void openIfNeeded() {
    boolean wantsLease =
        !leaseWaiters.isEmpty() && leased.size() + opening < settings.pool().max() - 1;
    boolean wantsRoom = !commandWaiters.isEmpty() && opening == 0;
    if (!wantsLease && !wantsRoom) {
      return;
    }
    if (size() < settings.pool().max()) {
      open();
    } else if (wantsLease && shared.size() > 1 && shared.stream().noneMatch(l -> l.draining)) {
      shared.getLast().draining = true;
    }
  }

  private int size() {
    return shared.size() + leased.size() + opening;
  }

  private void open() {
    if (backingOff) {
      return;
    }
    opening++;
    connector
        .open()
        .whenComplete(
            (connection, failure) ->
                execute(
                    () -> {
                      opening--;
                      if (connection == null) {
                        openFailed(failure);
                      } else {
                        opened(connection);
                      }
                    }));
  }

  private void opened(StatefulRedisConnection<byte[], byte[]> connection) {
    backoffMillis = 0;
    lastFailure = null;
    if (closed) {
      Line.close(connection);
      return;
    }
    metrics.opened();
    Line line = new Line(connection, System.nanoTime());
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
            execute(() -> remove(line));
          }
        });
    shared.add(line);
    if (!connection.isOpen()) {
      remove(line);
    }
    serve();
  }

  private void openFailed(@Nullable Throwable failure) {
    lastFailure = failure;
    backoffMillis = Math.clamp(backoffMillis * 2, FIRST_BACKOFF_MILLIS, LAST_BACKOFF_MILLIS);
    backingOff = true;
    later(
        () -> {
          backingOff = false;
          serve();
        },
        TimeUnit.MILLISECONDS.toNanos(backoffMillis));
  }

  private void remove(Line line) {
    shared.remove(line);
    leased.remove(line);
    var _ = line.close();
    serve();
  }

  private void expireAt(Deque<Waiter> queue, long deadlineNanos) {
    later(() -> expire(queue), Math.max(1_000_000, deadlineNanos - System.nanoTime()));
  }

  /** Fails the waiters whose time is over: the queue is in the order of the deadlines. */
  private void expire(Deque<Waiter> queue) {
    long now = System.nanoTime();
    while (hasWaiter(queue) && queue.element().deadlineNanos - now <= 0) {
      metrics.expired();
      queue
          .remove()
          .fail(
              new RedisLostException(
                  "no connection to " + address() + " within redis.pool.acquire-timeout",
                  lastFailure));
    }
    if (!queue.isEmpty()) {
      expireAt(queue, queue.element().deadlineNanos);
    }
    updateGauges();
  }

  /** A few times in each command timeout: closes lines that answer nothing, tries idle ones. */
  private void watch() {
    if (closed) {
      return;
    }
    long now = System.nanoTime();
    for (Line line : List.copyOf(shared)) {
      long silentNanos = now - line.progressNanos;
      if (line.inFlight > 0 && silentNanos > settings.commandTimeout().toNanos()) {
        metrics.timedOut();
        remove(line);
      } else if (line.inFlight == 0 && silentNanos > IDLE_CHECK.toNanos()) {
        new Command<>(this, RedisAsyncCommands::ping).serve(line);
      }
    }
    long period = Math.clamp(settings.commandTimeout().toMillis() / 4, 20, 1_000);
    later(this::watch, TimeUnit.MILLISECONDS.toNanos(period));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // what fails is logged here
  private void later(Runnable task, long nanos) {
    loop.schedule(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOG.error("the Redis pool failed", e);
          }
        },
        nanos,
        TimeUnit.NANOSECONDS);
  }

  void began(Line line) {
    if (line.inFlight++ == 0) {
      line.progressNanos = System.nanoTime();
    }
  }

  void answered(Line line) {
    line.inFlight--;
    line.progressNanos = System.nanoTime();
    if (!commandWaiters.isEmpty() || !leaseWaiters.isEmpty()) {
      serve();
    }
  }

  void waited(long nanos) {
    metrics.waited(nanos);
  }

  /** Takes a leased connection back; one that may have replies to come is closed. */
  void giveBack(Line line, boolean reusable) {
    execute(
        () -> {
          line.holder = null;
          if (leased.remove(line) && reusable && line.open() && !closed) {
            line.progressNanos = System.nanoTime();
            shared.add(line);
            serve();
          } else {
            remove(line);
          }
        });
  }

  private void closeAll(CompletableFuture<Void> done) {
    closed = true;
    RedisLostException reason = new RedisLostException("the Redis pool is closed");
    List.of(commandWaiters, leaseWaiters)
        .forEach(
            queue -> {
              while (!queue.isEmpty()) {
                queue.remove().fail(reason);
              }
            });
    List<CompletableFuture<Void>> closing = new ArrayList<>();
    shared.forEach(line -> closing.add(line.close()));
    leased.forEach(line -> closing.add(line.close()));
    var _ =
        CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new))
            .whenComplete((nothing, failure) -> done.complete(null));
    updateGauges();
  }

  private void updateGauges() {
    int idle = 0;
    for (Line line : shared) {
      idle += line.inFlight == 0 ? 1 : 0;
    }
    metrics.update(
        shared.size() + leased.size(),
        idle,
        leased.size(),
        commandWaiters.size() + leaseWaiters.size());
  }
}
