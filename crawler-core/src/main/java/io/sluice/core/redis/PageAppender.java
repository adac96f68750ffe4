package io.sluice.core.redis;

import static io.sluice.core.redis.Script.arg;
import static java.util.Comparator.comparingLong;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.XAddArgs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.message.StreamEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fetcher's end of a partition's pages: appends entries in order over one connection of its
 * own, under ids of its own making, {@code <incarnation>-<n>}, so that an entry sent twice is there
 * once (PROTOCOL: publish).
 *
 * <p>After a lost connection it connects again, makes sure that the server has done with the former
 * connection, and sends what is unanswered again, in order and under the same ids. An entry that
 * Redis refuses (it is full, or loading) waits, and so does every entry while Redis may evict what
 * it has. If it was sent only once, it is certainly not there and gets a new id; if it was sent
 * before and the answer was lost, it may be there, and keeps its id. What is in flight is bounded;
 * what waits behind it is bounded by who calls, through the frontier's credit.
 *
 * <p>Thread-safe: the state is confined to the pool's I/O thread, on which stages complete.
 */
public final class PageAppender implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PageAppender.class);
  private static final int MAX_IN_FLIGHT = 256;
  private static final long MAX_BYTES_IN_FLIGHT = 32L << 20;
  private static final long FIRST_BACKOFF_MILLIS = 50;
  private static final long LAST_BACKOFF_MILLIS = 1_000;
  private static final long CLOSE_SECONDS = 2;
  private static final String ALREADY_THERE = "equal or smaller than the target stream top item";

  private final RedisPool pool;
  private final EventLoop loop;
  private final byte[] stream;
  private final byte[] connectionName;
  private final long incarnation;
  private final Counter refusals;
  private final Counter resends;
  private final Refusals strangeRefusals;

  /** Sent on the current connection, in the order of their ids. */
  private final Deque<Item> sent = new ArrayDeque<>();

  /** Sent on a former connection and unanswered: they go first, in the order of their ids. */
  private final Queue<Item> again = new PriorityQueue<>(comparingLong(item -> item.number));

  /** Never sent, or refused when they were first sent: without an id. */
  private final Deque<Item> fresh = new ArrayDeque<>();

  /** Stages that complete when the entries that were ahead of them are answered. */
  private final List<Barrier> barriers = new ArrayList<>();

  private @Nullable PublishingLink link;
  private PublishingLink.@Nullable Mark former;
  private boolean connecting;
  private boolean pausing;
  private boolean pumpScheduled;
  private boolean closed;
  private long backoffMillis;
  private long lastNumber;
  private long bytesInFlight;
  private long progressNanos;

  private PageAppender(
      RedisPool pool, PartitionKeys keys, long incarnation, MeterRegistry registry) {
    this.pool = pool;
    this.loop = pool.loop();
    this.stream = arg(keys.pages());
    this.connectionName = arg(PartitionStreams.publisherName(keys, incarnation));
    this.incarnation = incarnation;
    this.refusals = registry.counter("sluice.pages.append.refusals");
    this.resends = registry.counter("sluice.pages.append.resends");
    this.strangeRefusals = new Refusals(pool, "pages");
  }

  /**
   * Makes an appender; it connects with the first entry.
   *
   * @param pool where its connection comes from; borrowed
   * @param keys the partition
   * @param incarnation larger than of any appender before: {@link PartitionStreams#nextIncarnation}
   * @param registry where refusals and resends are counted; borrowed
   */
  public static PageAppender open(
      RedisPool pool, PartitionKeys keys, long incarnation, MeterRegistry registry) {
    PageAppender appender = new PageAppender(pool, keys, incarnation, registry);
    appender.loop.execute(appender::watch);
    return appender;
  }

  /** Appends an entry after those that were given before. Never fails. */
  public CompletionStage<Appended> append(StreamEntry entry) {
    Item item = new Item(entry);
    try {
      loop.execute(() -> take(item));
    } catch (RejectedExecutionException e) {
      item.result.complete(new Appended.NotThere());
    }
    return item.result;
  }

  /** Completes when every entry that was given before this call has its answer. */
  public CompletionStage<Void> answered() {
    Barrier barrier = new Barrier();
    try {
      loop.execute(
          () -> {
            barrier.outstanding = sent.size() + again.size() + fresh.size();
            barriers.add(barrier);
            mark(sent, barrier);
            mark(again, barrier);
            mark(fresh, barrier);
            lift();
          });
    } catch (RejectedExecutionException e) {
      barrier.done.complete(null);
    }
    return barrier.done;
  }

  /**
   * Gives up what has no answer: {@link Appended.NotThere} if it was never sent. Every stage is
   * complete on return, two seconds at most.
   */
  @Override
  public void close() {
    try {
      loop.submit(this::abandon).get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the pool was closed before the appender");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("pages under way were not given up", e);
    }
  }

  // --- from here on: on the I/O thread ---

  private void take(Item item) {
    if (closed) {
      item.result.complete(new Appended.NotThere());
      return;
    }
    fresh.add(item);
    schedulePump();
  }

  /** One pump for all entries that arrive while the thread is busy: one flush for them all. */
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
    if (closed || pausing || (fresh.isEmpty() && again.isEmpty())) {
      return;
    }
    if (pool.condition() instanceof RedisCondition.Evicting) {
      pause(); // it might throw the pages away
      return;
    }
    PublishingLink now = link;
    if (now == null) {
      connect();
      return;
    }
    boolean wrote = false;
    while (link == now && hasRoom() && !(fresh.isEmpty() && again.isEmpty())) {
      Item item = again.isEmpty() ? numbered(fresh.remove()) : again.remove();
      if (sent.isEmpty()) {
        progressNanos = System.nanoTime();
      }
      sent.add(item);
      bytesInFlight += item.entry.occupies();
      send(item, now);
      wrote = true;
    }
    if (wrote && link == now) {
      now.lease.flush();
      KillPoint.PAGE_SENT.reached();
    }
  }

  private boolean hasRoom() {
    return sent.isEmpty() || (sent.size() < MAX_IN_FLIGHT && bytesInFlight < MAX_BYTES_IN_FLIGHT);
  }

  private Item numbered(Item item) {
    item.number = ++lastNumber;
    return item;
  }

  private String idOf(Item item) {
    return incarnation + "-" + item.number;
  }

  private void send(Item item, PublishingLink now) {
    CompletionStage<String> reply;
    try {
      reply =
          now.lease
              .commands()
              .xadd(
                  stream,
                  new XAddArgs().id(idOf(item)),
                  Fields.LEASE,
                  item.entry.lease(),
                  Fields.HEADER,
                  item.entry.header(),
                  Fields.BODY,
                  item.entry.payload());
    } catch (RuntimeException e) {
      lost(now, e);
      return;
    }
    reply.whenComplete(
        (id, failure) -> {
          if (loop.inEventLoop()) {
            answered(item, now, failure);
          } else {
            loop.execute(() -> answered(item, now, failure));
          }
        });
  }

  private void answered(Item item, PublishingLink on, @Nullable Throwable failure) {
    if (link != on) {
      return; // the connection was given up, and the entry with it sent again
    }
    progressNanos = System.nanoTime();
    if (failure == null) {
      strangeRefusals.taken();
      settle(item, new Appended.There(idOf(item)));
    } else if (failure instanceof RedisCommandExecutionException refusal) {
      refused(item, refusal);
    } else {
      lost(on, failure);
      return;
    }
    backoffMillis = failure == null ? 0 : backoffMillis;
    schedulePump();
  }

  private void settle(Item item, Appended result) {
    if (sent.remove(item)) {
      bytesInFlight -= item.entry.occupies();
    } else {
      again.remove(item); // the connection was lost while it was looked for
    }
    finish(item, result);
  }

  private void finish(Item item, Appended result) {
    if (item.result.complete(result) && item.barriers != null) {
      item.barriers.forEach(barrier -> barrier.outstanding--);
      lift();
    }
  }

  private void refused(Item item, RedisCommandExecutionException refusal) {
    String message = String.valueOf(refusal.getMessage());
    if (message.contains(ALREADY_THERE)) {
      if (item.resent) {
        verify(item);
      } else {
        LOG.error("somebody else appends to {}: {}", Script.text(stream), message);
        settle(item, new Appended.NotThere());
      }
      return;
    }
    strangeRefusals.refused(message);
    refusals.increment();
    sent.remove(item);
    bytesInFlight -= item.entry.occupies();
    if (item.resent) {
      again.add(item); // the refusal says nothing of the time before
    } else {
      fresh.addFirst(item);
    }
    pause();
  }

  /**
   * A later entry is there already. This one was there before it, unless it was refused and the
   * refusal was lost: then nobody will find it, and only that is certain.
   */
  private void verify(Item item) {
    String before = incarnation + "-" + (item.number - 1);
    var _ =
        pool.submit(
                commands -> Script.SCAN.run(commands, new byte[][] {stream}, arg(before), arg(1)))
            .whenComplete(
                (found, failure) -> {
                  boolean there =
                      found != null
                          && !found.isEmpty()
                          && Script.text(found.getFirst()).equals(idOf(item));
                  settle(
                      item,
                      there ? new Appended.There(idOf(item)) : new Appended.Unknown(idOf(item)));
                  schedulePump();
                });
  }

  private void lost(PublishingLink which, Throwable reason) {
    if (link != which) {
      return;
    }
    LOG.debug("the publishing connection was lost; {} pages are unanswered", sent.size(), reason);
    pool.suspect();
    link = null;
    former = which.mark();
    which.lease.discard();
    for (Item item : sent) {
      item.resent = true;
    }
    resends.increment(sent.size());
    again.addAll(sent);
    sent.clear();
    bytesInFlight = 0;
    pause();
  }

  private void pause() {
    if (pausing || closed) {
      return;
    }
    backoffMillis = Math.clamp(backoffMillis * 2, FIRST_BACKOFF_MILLIS, LAST_BACKOFF_MILLIS);
    pausing = true;
    var _ =
        loop.schedule(
            () -> {
              pausing = false;
              pump();
            },
            backoffMillis,
            TimeUnit.MILLISECONDS);
  }

  /** A few times in each command timeout: gives up a connection that answers nothing. */
  private void watch() {
    if (closed) {
      return;
    }
    PublishingLink now = link;
    if (now != null
        && !sent.isEmpty()
        && System.nanoTime() - progressNanos > pool.commandTimeout().toNanos()) {
      lost(now, new RedisLostException("Redis did not answer in time"));
    }
    long period = Math.clamp(pool.commandTimeout().toMillis() / 4, 20, 1_000);
    var _ = loop.schedule(this::watch, period, TimeUnit.MILLISECONDS);
  }

  private void connect() {
    if (connecting) {
      return;
    }
    connecting = true;
    var _ =
        PublishingLink.open(pool, connectionName, former)
            .whenComplete(
                (opened, failure) -> {
                  connecting = false;
                  if (opened == null) {
                    LOG.debug("no publishing connection yet", failure);
                    pause();
                  } else if (closed) {
                    opened.lease.discard();
                  } else {
                    link = opened;
                    opened.lease.manualFlush();
                    pump();
                  }
                });
  }

  private void abandon() {
    closed = true;
    List<Item> all = new ArrayList<>(sent);
    all.addAll(again);
    sent.clear();
    again.clear();
    all.forEach(item -> finish(item, new Appended.Unknown(idOf(item))));
    List<Item> unsent = List.copyOf(fresh);
    fresh.clear();
    unsent.forEach(item -> finish(item, new Appended.NotThere()));
    if (link != null) {
      link.lease.discard();
      link = null;
    }
  }

  private static void mark(Queue<Item> items, Barrier barrier) {
    for (Item item : items) {
      if (item.barriers == null) {
        item.barriers = new ArrayList<>(1);
      }
      item.barriers.add(barrier);
    }
  }

  private void lift() {
    barriers.removeIf(
        barrier -> {
          if (barrier.outstanding == 0) {
            barrier.done.complete(null);
            return true;
          }
          return false;
        });
  }

  /** An entry and who waits for its answer. */
  private static final class Item {
    final StreamEntry entry;
    final CompletableFuture<Appended> result = new CompletableFuture<>();
    @Nullable List<Barrier> barriers;
    long number;

    /** Whether it was sent under its number on a connection that was lost before the answer. */
    boolean resent;

    Item(StreamEntry entry) {
      this.entry = entry;
    }
  }

  /** Somebody who waits until what is ahead is answered. */
  private static final class Barrier {
    final CompletableFuture<Void> done = new CompletableFuture<>();
    int outstanding;
  }
}
