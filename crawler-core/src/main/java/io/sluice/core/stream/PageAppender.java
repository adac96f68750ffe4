package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.XAddArgs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.lifecycle.Backoff;
import io.sluice.core.message.StreamEntry;
import io.sluice.core.redis.RedisCondition;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.Refusals;
import io.sluice.core.redis.Script;
import io.sluice.core.stream.SendQueue.Item;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fetcher's end of a partition's pages: appends entries in order over one connection of its
 * own, under ids of its own making, {@code <incarnation>-<n>}, so that an entry sent twice is
 * stored once (docs/handover.md, "The way of a page").
 *
 * <p>After a lost connection it connects again, makes sure that the server has finished with the
 * previous connection, and sends unanswered entries again, in order and under the same ids ({@link
 * SendQueue}). An entry that Redis refuses (it is full, or loading) waits, and so does every entry
 * while Redis may evict data. If it was sent only once, it is certainly not there and gets a new
 * id; if it was sent before and the answer was lost, it may be there, and keeps its id. If another
 * program appended an entry above ours, every id of ours is refused: then a new incarnation is
 * taken, above that entry, and the refused entries are sent again. What is in flight is bounded
 * here; what waits behind it is bounded by the frontier's credit.
 *
 * <p>Thread-safe: the state is confined to the pool's I/O thread, on which stages complete.
 */
public final class PageAppender implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PageAppender.class);

  /**
   * Copies of an entry outside the heap while it is written: its body is encoded, and copied into
   * the command.
   */
  public static final int DIRECT_COPIES = 2;

  private static final long MAX_BYTES_IN_FLIGHT = 32L << 20;
  private static final long LEAST_BYTES_IN_FLIGHT = 1L << 20;
  private static final int PART_OF_HEAP = 16;

  /**
   * Bytes written before a flush, since entries that are flushed together share a buffer, which
   * grows with them.
   */
  private static final long FLUSH_BYTES = 256 << 10;

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1));
  private static final long CLOSE_SECONDS = 2;
  private static final String ALREADY_THERE = "equal or smaller than the target stream top item";

  private final RedisPool pool;
  private final Ownership ownership;
  private final EventLoop loop;
  private final byte[] stream;
  private final byte[] connectionName;
  private final Renewal renewal;
  private final Counter refusals;
  private final Counter resends;
  private final Refusals strangeRefusals;
  private final SendQueue queue;
  private final Barriers barriers = new Barriers();

  private @Nullable PublishingLink link;
  private PublishingLink.@Nullable Mark former;
  private boolean connecting;
  private boolean pausing;
  private boolean pumpScheduled;
  private boolean closed;

  /** Number of pauses since Redis last took an entry. */
  private int pauses;

  private long progressNanos;

  private PageAppender(
      RedisPool pool,
      PartitionKeys keys,
      Ownership ownership,
      Supplier<CompletionStage<Long>> renewal,
      MeterRegistry registry) {
    this.pool = pool;
    this.ownership = ownership;
    this.loop = pool.loop();
    this.stream = arg(keys.pages());
    long incarnation = ownership.incarnation();
    this.queue = new SendQueue(incarnation, maxBytesInFlight(Runtime.getRuntime().maxMemory()));
    this.connectionName = arg(Clients.publisher(keys, incarnation));
    this.renewal = new Renewal(loop, stream, renewal, registry);
    this.refusals =
        Counter.builder("sluice.pages.append.refusals")
            .description("Times that Redis refused a page, which then waits")
            .register(registry);
    this.resends =
        Counter.builder("sluice.pages.append.resends")
            .description("Pages sent again after a lost connection")
            .register(registry);
    this.strangeRefusals = new Refusals(pool, "pages");
  }

  /**
   * Creates an appender. It connects at once and stays connected, since its connection's name shows
   * others that the partition's fetcher is alive.
   *
   * @param pool where its connection comes from; borrowed
   * @param keys the keys of the partition that pages are appended to
   * @param ownership the ownership of the partition, already taken; each new connection checks that
   *     it still holds
   * @param renewal takes an incarnation above every entry of the stream, on a thread of its own;
   *     called again after a failure
   * @param registry where refusals, resends and renewals are counted; borrowed
   */
  public static PageAppender open(
      RedisPool pool,
      PartitionKeys keys,
      Ownership ownership,
      Supplier<CompletionStage<Long>> renewal,
      MeterRegistry registry) {
    PageAppender appender = new PageAppender(pool, keys, ownership, renewal, registry);
    appender.loop.execute(appender::watch);
    return appender;
  }

  /**
   * The maximum number of bytes that are sent and have no answer, in a process with a heap of the
   * given size: each is in memory a second time, outside the heap, until the server has it. A
   * single entry may be longer; then it is sent alone.
   */
  public static long maxBytesInFlight(long heapBytes) {
    return Math.clamp(heapBytes / PART_OF_HEAP, LEAST_BYTES_IN_FLIGHT, MAX_BYTES_IN_FLIGHT);
  }

  /**
   * Appends an entry after those that were given before. An entry given on the I/O thread is taken
   * at once, before those that are waiting for this thread: so an entry that is appended again
   * while {@link #close} abandons the rest has its answer before close returns. The stage never
   * fails.
   */
  public CompletionStage<Appended> append(StreamEntry entry) {
    Item item = new Item(entry);
    if (loop.inEventLoop()) {
      take(item);
      return item.result;
    }
    try {
      loop.execute(() -> take(item));
    } catch (RejectedExecutionException e) {
      item.result.complete(new Appended.NotThere());
    }
    return item.result;
  }

  /** Returns a stage that completes once every entry given before this call has its answer. */
  public CompletionStage<Void> answered() {
    CompletableFuture<Void> answered = new CompletableFuture<>();
    try {
      loop.execute(() -> barriers.add(queue.unanswered(), answered));
    } catch (RejectedExecutionException e) {
      answered.complete(null);
    }
    return answered;
  }

  /**
   * Abandons entries without an answer: their result is {@link Appended.NotThere} if they are
   * certainly not there, else {@link Appended.Unknown}. Every stage is complete on return, after
   * two seconds at most. Must not be called on the pool's I/O thread.
   */
  @Override
  public void close() {
    try {
      loop.submit(this::abandon).get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("the pool was closed before the appender");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("pages in flight were not abandoned in time", e);
    }
  }

  // --- from here on: on the I/O thread ---

  private void take(Item item) {
    if (closed) {
      item.result.complete(new Appended.NotThere());
      return;
    }
    queue.add(item);
    schedulePump();
  }

  /**
   * Schedules one pump for all entries that arrive while the thread is busy, so that they are
   * flushed together.
   */
  private void schedulePump() {
    if (!pumpScheduled) {
      pumpScheduled = true;
      loop.execute(
          () -> {
            pumpScheduled = false;
            pump();
          });
    }
  }

  private void pump() {
    if (closed || pausing || renewal.inProgress() || queue.nothingToSend()) {
      return;
    }
    if (pool.condition() instanceof RedisCondition.Evicting) {
      pause(); // Redis might evict the pages
      return;
    }
    PublishingLink current = link;
    if (current == null) {
      connect();
      return;
    }
    if (queue.nothingInFlight()) {
      progressNanos = System.nanoTime();
    }
    long written = 0;
    while (link == current) {
      Item next = queue.next();
      if (next == null) {
        break;
      }
      send(next, current);
      written += next.entry.occupies();
      if (written >= FLUSH_BYTES && link == current) {
        current.connection.flush();
        KillPoint.PAGE_SENT.reached();
        written = 0;
      }
    }
    if (written > 0 && link == current) {
      current.connection.flush();
      KillPoint.PAGE_SENT.reached();
    }
  }

  private void send(Item item, PublishingLink on) {
    CompletionStage<String> reply;
    try {
      reply =
          on.connection
              .commands()
              .xadd(
                  stream,
                  new XAddArgs().id(item.id()),
                  Fields.LEASE,
                  item.entry.lease(),
                  Fields.HEADER,
                  item.entry.header(),
                  Fields.BODY,
                  item.entry.payload());
    } catch (RuntimeException e) {
      lost(on, e);
      return;
    }
    reply.whenComplete(
        (id, failure) -> {
          if (loop.inEventLoop()) {
            answered(item, on, failure);
          } else {
            loop.execute(() -> answered(item, on, failure));
          }
        });
  }

  private void answered(Item item, PublishingLink on, @Nullable Throwable failure) {
    if (link != on) {
      return; // the connection was abandoned, and the entry was sent again on another
    }
    progressNanos = System.nanoTime();
    if (failure == null) {
      strangeRefusals.taken();
      pauses = 0;
      settle(item, new Appended.There(item.id()));
    } else if (failure instanceof RedisCommandExecutionException refusal) {
      refused(item, refusal);
    } else {
      lost(on, failure);
      return;
    }
    schedulePump();
  }

  private void settle(Item item, Appended result) {
    queue.remove(item);
    answer(item, result);
  }

  private void answer(Item item, Appended result) {
    item.result.complete(result);
    barriers.answered(item);
  }

  private void refused(Item item, RedisCommandExecutionException refusal) {
    String message = String.valueOf(refusal.getMessage());
    if (message.contains(ALREADY_THERE)) {
      if (item.resent()) {
        verify(item);
      } else {
        outrank(item);
      }
      return;
    }
    strangeRefusals.refused(message);
    refusals.increment();
    queue.refused(item);
    pause();
  }

  /**
   * An entry of another program is above ours, so ours is not there, and no entry below it can be
   * added.
   */
  private void outrank(Item item) {
    if (queue.outranked(item)) {
      renewal.ask(this::renewed, this::notRenewed);
    } else {
      resume();
    }
  }

  private void renewed(long incarnation) {
    queue.renewed(incarnation);
    resume();
  }

  private void notRenewed() {
    pause(); // entries that are refused again request another incarnation
    resume();
  }

  private void resume() {
    if (!renewal.inProgress()) {
      queue.sendOutranked();
      schedulePump();
    }
  }

  /**
   * A later entry is already there, so this one was stored before it, unless it was refused and the
   * refusal was lost. If this entry cannot be found, its result is unknown.
   */
  private void verify(Item item) {
    byte[] before = arg(item.idBefore());
    var _ =
        pool.submit(commands -> Scripts.SCAN.run(commands, new byte[][] {stream}, before, arg(1)))
            .whenComplete(
                (found, failure) -> {
                  boolean there =
                      found != null
                          && !found.isEmpty()
                          && Script.text(found.getFirst()).equals(item.id());
                  settle(
                      item,
                      there ? new Appended.There(item.id()) : new Appended.Unknown(item.id()));
                  schedulePump();
                });
  }

  private void lost(PublishingLink which, Throwable reason) {
    if (link != which) {
      return;
    }
    pool.suspect();
    link = null;
    former = which.mark();
    which.connection.discard();
    int unanswered = queue.connectionLost();
    log.debug("the publishing connection was lost; {} pages are unanswered", unanswered, reason);
    resends.increment(unanswered);
    pause();
  }

  private void pause() {
    if (pausing || closed) {
      return;
    }
    pauses++;
    pausing = true;
    var _ =
        loop.schedule(
            () -> {
              pausing = false;
              if (link == null) {
                connect();
              } else {
                pump();
              }
            },
            BACKOFF.after(pauses).toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /**
   * Runs a few times in each command timeout: connects if there is no connection, and abandons one
   * that is closed or does not answer.
   */
  private void watch() {
    if (closed) {
      return;
    }
    PublishingLink current = link;
    if (current == null && !pausing) {
      connect();
    } else if (current != null && !current.connection.open()) {
      lost(current, new RedisLostException("the connection was closed"));
    } else if (current != null
        && !queue.nothingInFlight()
        && System.nanoTime() - progressNanos > pool.commandTimeout().toNanos()) {
      lost(current, new RedisLostException("Redis did not answer in time"));
    }
    long period = Math.clamp(pool.commandTimeout().toMillis() / 4, 20, 1_000);
    var _ = loop.schedule(this::watch, period, TimeUnit.MILLISECONDS);
  }

  private void connect() {
    if (connecting || closed) {
      return;
    }
    connecting = true;
    var _ =
        PublishingLink.open(pool, ownership, connectionName, former)
            .whenComplete(
                (opened, failure) -> {
                  connecting = false;
                  if (opened == null) {
                    log.debug("no publishing connection yet", failure);
                    pause();
                  } else if (closed) {
                    opened.connection.discard();
                  } else {
                    link = opened;
                    opened.connection.manualFlush();
                    pump();
                  }
                });
  }

  private void abandon() {
    closed = true;
    SendQueue.Abandoned left = queue.abandon();
    left.inDoubt().forEach(item -> answer(item, new Appended.Unknown(item.id())));
    left.notThere().forEach(item -> answer(item, new Appended.NotThere()));
    if (link != null) {
      link.connection.discard();
      link = null;
    }
  }
}
