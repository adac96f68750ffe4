package io.sluice.core.redis;

import static io.sluice.core.redis.PartitionKeys.GROUP;
import static io.sluice.core.redis.Script.arg;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.models.stream.PendingMessage;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.message.Decoded;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.OutcomeCodec;
import io.sluice.core.message.Page;
import io.sluice.core.message.PageCodec;
import io.sluice.core.message.StreamEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's end of a partition's pages: reads them in the consumer group {@value
 * PartitionKeys#GROUP} and commits them (PROTOCOL: parse, commit, dead workers).
 *
 * <p>The worker's round: {@link #read}; if {@link Batch#session} differs from the former batch's
 * (or is the first), drop what is not committed and cut the slot's files to {@link #recorded};
 * parse; write; sync; {@link #commit}. It may read several times before it commits.
 *
 * <p>A lost connection shows as {@link RedisLostException} and is replaced by the next call, which
 * waits between attempts. What cannot be decoded never reaches the worker: it goes to the stream of
 * the dead, and its lease, if known, ends as failed.
 *
 * <p>Confined to its worker's thread: calls block it. {@link Thread#interrupt} ends a wait.
 */
public final class PageConsumer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PageConsumer.class);

  /** One blocking read waits so long at most, so that a stop is noticed. */
  private static final Duration LONGEST_BLOCK = Duration.ofSeconds(1);

  private static final int CLAIM_AT_ONCE = 16;
  private static final int DEAD_KEPT = 10_000;
  private static final int MAX_SUSPECTS_AT_START = 10_000;
  private static final long RETRY_MILLIS = 100;

  /** How long pages that are left to others count as idle: longer than any {@code claimAfter}. */
  private static final Duration LONG_IDLE = Duration.ofDays(30);

  private final RedisPool pool;
  private final PartitionKeys keys;
  private final byte[] pages;
  private final String name;
  private final byte[] nameBytes;
  private final ConsumerSettings settings;
  private final Isolation isolation;
  private final MeterRegistry registry;
  private final OutcomeCodec outcomes = new OutcomeCodec();

  private @Nullable LeasedConnection connection;
  private @Nullable Session session;

  /** Pages that the worker has and did not commit. */
  private final Set<String> held = new HashSet<>();

  /** Pages of ours that were in flight when a worker died: each runs alone. */
  private final Deque<String> suspects = new ArrayDeque<>();

  private Presence presence = Presence.OUTSIDE;
  private @Nullable String alone;

  /** Where to go on reading our own pending pages again; null when there is no need. */
  private @Nullable String redoAfter;

  private boolean first = true;
  private long nextClaimNanos = System.nanoTime();
  private String claimCursor = "0-0";

  private enum Presence {
    OUTSIDE,
    BESIDE_OTHERS,
    ALONE
  }

  private PageConsumer(
      RedisPool pool,
      PartitionKeys keys,
      String name,
      ConsumerSettings settings,
      Isolation isolation,
      MeterRegistry registry) {
    this.pool = pool;
    this.keys = keys;
    this.pages = PartitionKeys.bytes(keys.pages());
    this.name = name;
    this.nameBytes = arg(name);
    this.settings = settings;
    this.isolation = isolation;
    this.registry = registry;
  }

  /**
   * Makes a consumer; it connects with its first call.
   *
   * @param pool where its connection comes from; borrowed
   * @param keys the partition
   * @param name the consumer's name, of one living worker only: the name of the locked output slot.
   *     Pages that a former worker of this name held run one at a time
   * @param settings how it takes over from dead workers
   * @param isolation shared by all consumers of this process
   * @param registry where pages that were given up are counted; borrowed
   */
  public static PageConsumer open(
      RedisPool pool,
      PartitionKeys keys,
      String name,
      ConsumerSettings settings,
      Isolation isolation,
      MeterRegistry registry) {
    return new PageConsumer(pool, keys, name, settings, isolation, registry);
  }

  /**
   * Waits for pages. Returns as soon as there are some: what is there by then, within the bounds.
   *
   * @param maxPages pages at most
   * @param maxBytes bytes at most, exceeded by one page at most
   * @param block how long to wait, one second at most
   * @return an empty batch if none came
   * @throws RedisLostException if Redis does not answer; or if there is no epoch yet, because no
   *     fetcher has started
   */
  public Batch read(int maxPages, long maxBytes, Duration block) {
    Duration wait = block.compareTo(LONGEST_BLOCK) > 0 ? LONGEST_BLOCK : block;
    Session now = connect();
    try {
      if (!enter(wait)) {
        return new Batch(now, List.of(), false);
      }
      Delivery suspect = held.isEmpty() && redoAfter == null ? nextSuspect(now, wait) : null;
      if (suspect != null) {
        return new Batch(now, List.of(suspect), true);
      }
      List<Delivery> deliveries = redoAfter == null ? List.of() : redo(now, maxPages, maxBytes);
      if (deliveries.isEmpty() && presence != Presence.OUTSIDE) {
        deliveries = readNew(now, maxPages, maxBytes, wait);
      }
      deliveries.forEach(delivery -> held.add(delivery.entryId()));
      return new Batch(now, deliveries, false);
    } catch (RedisCommandExecutionException e) {
      throw refused(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisLostException("interrupted", e);
    } finally {
      if (held.isEmpty()) {
        leave();
      }
    }
  }

  /**
   * Commits parsed pages in one step, and what their output files hold. Tries again while Redis is
   * away, for as long as {@code wait}; a commit that happened although its answer was lost is
   * recognised.
   *
   * @param read the session of the batches that the pages came in
   * @param record what the slot's files hold, these pages included
   * @param finished the pages; may be empty, to record a sealed file
   * @param wait how long to try
   * @throws RedisLostException if Redis did not answer: whether the pages are committed is unknown,
   *     and the same call may be made again
   */
  public CommitResult commit(
      Session read, SlotRecord record, List<Finished> finished, Duration wait) {
    byte[][] args = commitArgs(read, record, finished);
    Deadline deadline = Deadline.in(wait);
    while (true) {
      try {
        if (!connect().equals(read)) {
          return dropped(new CommitResult.StaleEpoch());
        }
        return concluded(call(Script.COMMIT, commitKeys(), args), finished);
      } catch (RedisCommandExecutionException e) {
        throw refused(e);
      } catch (RedisLostException e) {
        if (deadline.passed() || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        pause();
      }
    }
  }

  /**
   * What Redis records of a slot; null where it has no record.
   *
   * @throws RedisLostException if Redis does not answer
   */
  public @Nullable SlotRecord recorded(String slot) {
    connect();
    byte[] value = await(commands().hget(arg(keys.outputs()), arg(slot)));
    return value == null ? null : SlotRecordJson.decode(slot, value);
  }

  /**
   * Drops every page that was read and not committed: they are delivered again. The worker has cut
   * them from its files.
   */
  public void drop() {
    dropped(new CommitResult.NotOurs());
  }

  /**
   * Says that the worker failed on what it has: if that is a page that ran alone, {@link #close}
   * does not take its strike back, as if the worker had been killed. Without this a page that makes
   * its worker fail in order would come again for ever.
   */
  public void keepStrike() {
    alone = null;
  }

  /**
   * Leaves what is not committed to other workers and closes the connection. A consumer that holds
   * nothing is taken out of the group.
   */
  @Override
  public void close() {
    try {
      if (connection != null && connection.open()) {
        byte[][] scriptKeys = {pages, arg(keys.strikes())};
        byte[] ranAlone = arg(alone == null ? "" : alone);
        Long left =
            call(
                Script.GIVE_BACK,
                scriptKeys,
                arg(GROUP),
                nameBytes,
                arg(LONG_IDLE.toMillis()),
                ranAlone);
        LOG.debug("consumer {} leaves {} pages to others", name, left);
      }
    } catch (RedisLostException | RedisCommandExecutionException e) {
      LOG.debug("consumer {} leaves without saying so", name, e);
    } finally {
      held.clear();
      leave();
      disconnect();
      outcomes.close();
    }
  }

  // --- connection and session ---

  private Session connect() {
    if (connection != null && connection.open() && session != null) {
      return session;
    }
    disconnect();
    LeasedConnection opened = pool.lease("page-consumer");
    connection = opened;
    try {
      Session found = SessionReader.read(opened, keys);
      joinGroup(opened);
      adopt(found);
      return found;
    } catch (RuntimeException e) {
      disconnect();
      pause(); // a caller that tries again at once must not open connections in a spin
      throw e instanceof RedisCommandExecutionException refused
          ? new RedisLostException("Redis refused a consumer: " + refused.getMessage(), refused)
          : e;
    }
  }

  private void joinGroup(LeasedConnection opened) {
    try {
      opened.await(
          opened
              .commands()
              .xgroupCreate(
                  StreamOffset.from(pages, "0-0"),
                  arg(GROUP),
                  new XGroupCreateArgs().mkstream(true)));
    } catch (RedisCommandExecutionException e) {
      if (!answers(e, "BUSYGROUP")) {
        throw e;
      }
    }
  }

  /** After any new connection a reply may be lost, so our own pending pages are read again. */
  private void adopt(Session found) {
    if (!found.equals(session)) {
      held.clear();
      suspects.clear();
      alone = null;
      leave();
    }
    session = found;
    if (first) {
      first = false;
      suspects.addAll(ownPending());
    } else {
      redoAfter = "0-0";
    }
  }

  private List<String> ownPending() {
    return await(
            commands()
                .xpending(
                    pages,
                    Consumer.from(arg(GROUP), nameBytes),
                    Range.unbounded(),
                    Limit.from(MAX_SUSPECTS_AT_START)))
        .stream()
        .map(PendingMessage::getId)
        .toList();
  }

  private void disconnect() {
    if (connection != null) {
      connection.discard();
      connection = null;
    }
  }

  private RedisAsyncCommands<byte[], byte[]> commands() {
    if (connection == null) {
      throw new RedisLostException("not connected");
    }
    return connection.commands();
  }

  private <T> T await(CompletionStage<T> reply) {
    return await(reply, Duration.ZERO);
  }

  private <T> T await(CompletionStage<T> reply, Duration longer) {
    if (connection == null) {
      throw new RedisLostException("not connected");
    }
    try {
      return connection.await(reply, longer);
    } catch (RedisLostException e) {
      disconnect();
      throw e;
    }
  }

  private <T> T call(Script<T> script, byte[][] scriptKeys, byte[]... args) {
    return await(script.run(commands(), scriptKeys, args));
  }

  /** An answer that no call expects: the group is gone, or Redis is not what it was. */
  private RedisLostException refused(RedisCommandExecutionException e) {
    disconnect();
    return new RedisLostException("Redis refused a command: " + e.getMessage(), e);
  }

  private static boolean answers(RedisCommandExecutionException e, String word) {
    String message = e.getMessage();
    return message != null && message.startsWith(word);
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // --- presence: beside others, or alone ---

  private boolean enter(Duration wait) throws InterruptedException {
    if (presence == Presence.OUTSIDE && isolation.enter(wait)) {
      presence = Presence.BESIDE_OTHERS;
    }
    if (presence == Presence.ALONE) {
      Thread.sleep(wait); // nothing more until the page that runs alone is committed
    }
    return presence == Presence.BESIDE_OTHERS;
  }

  private boolean enterAlone(Duration wait) throws InterruptedException {
    leave();
    if (isolation.enterAlone(wait)) {
      presence = Presence.ALONE;
    }
    return presence == Presence.ALONE;
  }

  private void leave() {
    switch (presence) {
      case OUTSIDE -> {}
      case BESIDE_OTHERS -> isolation.leave();
      case ALONE -> isolation.leaveAlone();
    }
    presence = Presence.OUTSIDE;
  }

  // --- reading ---

  private List<Delivery> readNew(Session now, int maxPages, long maxBytes, Duration wait) {
    List<Delivery> ready = readReady(now, maxPages, maxBytes);
    if (!ready.isEmpty() || wait.isZero()) {
      return ready;
    }
    List<StreamMessage<byte[], byte[]>> one = waitForOne(wait);
    if (one.isEmpty()) {
      return List.of();
    }
    List<Delivery> deliveries = new ArrayList<>();
    StreamEntry entry = Entries.page(one.getFirst());
    deliver(now, one.getFirst().getId(), entry, deliveries);
    if (maxPages > 1 && entry.occupies() < maxBytes) {
      deliveries.addAll(readReady(now, maxPages - 1, maxBytes - entry.occupies()));
    }
    return deliveries;
  }

  @SuppressWarnings("unchecked") // the client library's varargs of a generic type
  private List<StreamMessage<byte[], byte[]>> waitForOne(Duration wait) {
    return await(
        commands()
            .xreadgroup(
                Consumer.from(arg(GROUP), nameBytes),
                XReadArgs.Builder.block(wait).count(1),
                StreamOffset.lastConsumed(pages)),
        wait);
  }

  private List<Delivery> readReady(Session now, int maxPages, long maxBytes) {
    List<Object> flat =
        call(
            Script.READ, new byte[][] {pages}, arg(GROUP), nameBytes, arg(maxPages), arg(maxBytes));
    return deliver(now, flat, 0);
  }

  /** Our own pending pages again, but for those that the worker has. */
  private List<Delivery> redo(Session now, int maxPages, long maxBytes) {
    List<Delivery> deliveries = List.of();
    while (deliveries.isEmpty() && redoAfter != null) {
      List<Object> flat =
          call(
              Script.REDO,
              new byte[][] {pages},
              arg(GROUP),
              nameBytes,
              arg(redoAfter),
              arg(maxPages),
              arg(maxBytes));
      String last = Script.text(flat.getFirst());
      redoAfter = last.isEmpty() ? null : last;
      deliveries = deliver(now, flat, 1);
    }
    return deliveries;
  }

  private List<Delivery> deliver(Session now, List<Object> flat, int from) {
    List<Delivery> deliveries = new ArrayList<>(flat.size() / 4);
    for (int i = from; i + 3 < flat.size(); i += 4) {
      String id = Script.text(flat.get(i));
      if (!held.contains(id) && !suspects.contains(id)) {
        deliver(now, id, Entries.entry(flat, i + 1), deliveries);
      }
    }
    return deliveries;
  }

  private void deliver(Session now, String id, StreamEntry entry, List<Delivery> deliveries) {
    switch (PageCodec.decode(entry)) {
      case Decoded.Whole<Page>(Page page) -> deliveries.add(new Delivery(id, page));
      case Decoded.Malformed<Page>(String reason, LeaseId lease) -> {
        LOG.warn("page {} cannot be read: {}", id, reason);
        bury(now, id, "malformed-page", lease == null ? null : Graves.malformed(lease));
      }
    }
  }

  // --- dead workers ---

  private @Nullable Delivery nextSuspect(Session now, Duration wait) throws InterruptedException {
    if (suspects.isEmpty()) {
      claimFromTheDead();
    }
    if (suspects.isEmpty() || !enterAlone(wait)) {
      return null;
    }
    while (!suspects.isEmpty()) {
      String id = suspects.remove();
      Delivery delivery = judge(now, id);
      if (delivery != null) {
        alone = id;
        held.add(id);
        return delivery;
      }
    }
    return null;
  }

  private @Nullable Delivery judge(Session now, String id) {
    List<Object> verdict =
        call(
            Script.SUSPECT,
            new byte[][] {pages, arg(keys.strikes())},
            arg(GROUP),
            nameBytes,
            arg(id),
            arg(settings.maxStrikes()));
    String word = Script.text(verdict.getFirst());
    if (word.equals("gone")) {
      return null;
    }
    List<Delivery> delivered = new ArrayList<>(1);
    StreamEntry entry = Entries.entry(verdict, 1);
    deliver(now, id, entry, delivered);
    if (delivered.isEmpty()) {
      return null;
    }
    if (word.equals("run")) {
      return delivered.getFirst();
    }
    LOG.warn("page {} killed its worker {} times; it is given up", id, settings.maxStrikes());
    bury(now, id, "poison-page", Graves.poison(delivered.getFirst().page()));
    return null;
  }

  private void claimFromTheDead() {
    if (System.nanoTime() - nextClaimNanos < 0) {
      return;
    }
    var claimed =
        await(
            commands()
                .xautoclaim(
                    pages,
                    XAutoClaimArgs.Builder.justid(
                            Consumer.from(arg(GROUP), nameBytes),
                            settings.claimAfter(),
                            claimCursor)
                        .count(CLAIM_AT_ONCE)));
    claimed.getMessages().forEach(message -> suspects.add(message.getId()));
    claimCursor = claimed.getId();
    if (claimCursor.equals("0-0")) {
      nextClaimNanos = System.nanoTime() + settings.claimEvery().toNanos();
    }
  }

  private void bury(Session now, String id, String reason, @Nullable Outcome outcome) {
    List<byte[]> args = new ArrayList<>();
    args.add(arg(now.epoch()));
    args.add(arg(GROUP));
    args.add(nameBytes);
    args.add(arg(id));
    args.add(arg(reason));
    args.add(arg(DEAD_KEPT));
    if (outcome != null) {
      StreamEntry entry = outcomes.encode(outcome);
      args.add(entry.lease());
      args.add(entry.header());
      args.add(entry.payload());
    }
    byte[][] scriptKeys = {
      pages, arg(keys.outcomes()), arg(keys.dead()), arg(keys.epoch()), arg(keys.strikes())
    };
    byte[] answer = call(Script.BURY, scriptKeys, args.toArray(byte[][]::new));
    if (Script.text(answer).equals("committed")) {
      registry.counter("sluice.pages.dead", "reason", reason).increment();
    }
  }

  // --- committing ---

  private byte[][] commitKeys() {
    return new byte[][] {
      pages, arg(keys.outcomes()), arg(keys.outputs()), arg(keys.epoch()), arg(keys.strikes())
    };
  }

  private byte[][] commitArgs(Session read, SlotRecord record, List<Finished> finished) {
    String batch = finished.isEmpty() ? "" : finished.getFirst().entryId();
    List<byte[]> args = new ArrayList<>(6 + 4 * finished.size());
    args.add(arg(read.epoch()));
    args.add(arg(GROUP));
    args.add(nameBytes);
    args.add(arg(record.slot()));
    args.add(SlotRecordJson.encode(record, batch));
    args.add(arg(finished.size()));
    for (Finished page : finished) {
      StreamEntry entry = outcomes.encode(page.outcome());
      args.add(arg(page.entryId()));
      args.add(entry.lease());
      args.add(entry.header());
      args.add(entry.payload());
    }
    return args.toArray(byte[][]::new);
  }

  private CommitResult concluded(byte[] answer, List<Finished> finished) {
    return switch (Script.text(answer)) {
      case "committed" -> {
        finished.forEach(page -> held.remove(page.entryId()));
        if (held.isEmpty()) {
          alone = null;
          leave();
        }
        yield new CommitResult.Committed();
      }
      case "stale-epoch" -> {
        disconnect();
        yield dropped(new CommitResult.StaleEpoch());
      }
      case String other -> dropped(new CommitResult.NotOurs());
    };
  }

  private CommitResult dropped(CommitResult result) {
    held.clear();
    alone = null;
    leave();
    redoAfter = "0-0";
    return result;
  }
}
