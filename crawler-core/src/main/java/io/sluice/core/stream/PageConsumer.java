package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;
import static io.sluice.core.stream.PartitionKeys.GROUP;

import io.lettuce.core.RedisCommandExecutionException;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.message.OutcomeCodec;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.Script;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's end of a partition's pages: reads them in the consumer group {@value
 * PartitionKeys#GROUP} and commits them (docs/handover.md).
 *
 * <p>The worker's round: {@link #read}; if {@link Batch#session} differs from the previous batch's
 * (or is the first), drop all uncommitted pages and cut the slot's files to {@link #recorded};
 * parse; write; sync; {@link #commit}. It may read several times before it commits.
 *
 * <p>A lost connection shows as {@link RedisLostException} and is replaced by the next call, which
 * waits between attempts. An entry that cannot be decoded never reaches the worker: it goes to the
 * dead-letter stream, and its lease, if known, ends as failed.
 *
 * <p>Confined to its worker's thread: calls block it. {@link Thread#interrupt} ends a wait.
 */
public final class PageConsumer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PageConsumer.class);

  /** Maximum time of one blocking read, so that a stop is noticed. */
  private static final Duration LONGEST_BLOCK = Duration.ofSeconds(1);

  private static final long RETRY_MILLIS = 100;

  /** Idle time set on pages that are left to other workers: longer than any {@code claimAfter}. */
  private static final Duration LONG_IDLE = Duration.ofDays(30);

  private final String name;
  private final GroupMember member;
  private final Presence presence;
  private final Suspects suspects;
  private final GroupReader reader;
  private final OutcomeCodec outcomes = new OutcomeCodec();

  /** Pages that the worker has but has not committed. */
  private final Set<String> held = new HashSet<>();

  private @Nullable Session known;
  private @Nullable String alone;
  private boolean first = true;

  private PageConsumer(
      RedisPool pool,
      Membership membership,
      String name,
      ConsumerSettings settings,
      Isolation isolation,
      MeterRegistry registry) {
    this.name = name;
    this.member = new GroupMember(pool, membership, name);
    this.presence = new Presence(isolation);
    DeadLetters deadLetters = new DeadLetters(member, outcomes, registry);
    this.suspects = new Suspects(member, deadLetters, settings);
    this.reader =
        new GroupReader(member, deadLetters, id -> held.contains(id) || suspects.contains(id));
  }

  /**
   * Creates a consumer; it connects with its first call.
   *
   * @param pool where its connection comes from; borrowed
   * @param membership entitles the process to the partition's pages
   * @param name the consumer's name, which no two living workers share: the name of the locked
   *     output slot. Pages that an earlier worker of this name held run one at a time
   * @param settings how it takes over from dead workers
   * @param isolation shared by all consumers of this process
   * @param registry where pages that were given up are counted; borrowed
   */
  public static PageConsumer open(
      RedisPool pool,
      Membership membership,
      String name,
      ConsumerSettings settings,
      Isolation isolation,
      MeterRegistry registry) {
    return new PageConsumer(pool, membership, name, settings, isolation, registry);
  }

  /**
   * Waits for pages. Returns as soon as there are any, with all that are available within the
   * bounds.
   *
   * @param maxPages maximum number of pages
   * @param maxBytes maximum size, exceeded by at most one page
   * @param block how long to wait, at most one second
   * @return an empty batch if none came
   * @throws RedisLostException if Redis does not answer; or if there is no epoch yet, because no
   *     fetcher has started
   * @throws NotAdmittedException if the process may no longer work here
   */
  public Batch read(int maxPages, long maxBytes, Duration block) {
    Duration wait = block.compareTo(LONGEST_BLOCK) > 0 ? LONGEST_BLOCK : block;
    Session session = connect();
    try {
      Batch batch =
          presence.enter(wait)
              ? read(session, maxPages, maxBytes, wait)
              : new Batch(session, List.of(), false);
      member.served();
      return batch;
    } catch (RedisCommandExecutionException e) {
      throw member.refused(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisLostException("interrupted", e);
    } finally {
      if (held.isEmpty()) {
        presence.leave();
      }
    }
  }

  private Batch read(Session session, int maxPages, long maxBytes, Duration wait)
      throws InterruptedException {
    Delivery suspect = held.isEmpty() && !reader.redoing() ? nextSuspect(session, wait) : null;
    if (suspect != null) {
      return new Batch(session, List.of(suspect), true);
    }
    List<Delivery> deliveries = reader.readAgain(session, maxPages, maxBytes);
    if (deliveries.isEmpty() && !presence.outside()) {
      deliveries = reader.readNew(session, maxPages, maxBytes, wait);
    }
    deliveries.forEach(delivery -> held.add(delivery.entryId()));
    return new Batch(session, deliveries, false);
  }

  private @Nullable Delivery nextSuspect(Session session, Duration wait)
      throws InterruptedException {
    if (suspects.isEmpty()) {
      suspects.claimFromTheDead();
    }
    if (suspects.isEmpty() || !presence.enterAlone(wait)) {
      return null;
    }
    Delivery delivery = suspects.next(session, reader);
    if (delivery != null) {
      alone = delivery.entryId();
      held.add(delivery.entryId());
    }
    return delivery;
  }

  /**
   * Atomically commits parsed pages and the record of their output files. Retries while Redis is
   * away, for at most {@code wait}; a commit whose answer was lost is recognised.
   *
   * @param read the session of the batches that contained the pages
   * @param record what the slot's files hold, including these pages
   * @param finished the pages; may be empty, to record a sealed file
   * @param wait how long to try
   * @throws RedisLostException if Redis did not answer: whether the pages are committed is unknown,
   *     and the same call may be made again
   */
  public CommitResult commit(
      Session read, SlotRecord record, List<Finished> finished, Duration wait) {
    CommitCall call = CommitCall.of(member, outcomes, read, record, finished);
    Deadline deadline = Deadline.in(wait);
    while (true) {
      try {
        if (!connect().equals(read)) {
          return dropped(new CommitResult.StaleEpoch());
        }
        return concluded(call.on(member), finished);
      } catch (RedisCommandExecutionException e) {
        throw member.refused(e);
      } catch (RedisLostException e) {
        if (deadline.passed() || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        pause();
      }
    }
  }

  private CommitResult concluded(String word, List<Finished> finished) {
    return switch (word) {
      case "committed" -> {
        finished.forEach(page -> held.remove(page.entryId()));
        if (held.isEmpty()) {
          alone = null;
          presence.leave();
        }
        yield new CommitResult.Committed();
      }
      case "stale-epoch" -> {
        member.leave();
        yield dropped(new CommitResult.StaleEpoch());
      }
      default -> dropped(new CommitResult.NotOurs());
    };
  }

  private CommitResult dropped(CommitResult result) {
    forgetHeld();
    reader.redo();
    return result;
  }

  private void forgetHeld() {
    held.clear();
    alone = null;
    presence.leave();
  }

  /**
   * Redis's record of a slot; null if there is none.
   *
   * @throws RedisLostException if Redis does not answer
   */
  public @Nullable SlotRecord recorded(String slot) {
    connect();
    byte[] value = asked(member.commands().hget(arg(member.keys.outputs()), arg(slot)));
    return value == null ? null : SlotRecordJson.decode(slot, value);
  }

  /**
   * The state of the partition's fetcher.
   *
   * @throws RedisLostException if Redis does not answer
   */
  public PartitionOwner.State fetcherState() {
    connect();
    byte[] state = asked(member.commands().hget(arg(member.keys.owner()), arg("state")));
    return PartitionOwner.State.of(state == null ? "" : Script.text(state));
  }

  /**
   * How many pages are in the stream, including those that workers have.
   *
   * @throws RedisLostException if Redis does not answer
   */
  public long resting() {
    connect();
    return asked(member.commands().xlen(member.pages));
  }

  private <T> T asked(CompletionStage<T> reply) {
    try {
      return member.await(reply);
    } catch (RedisCommandExecutionException e) {
      throw member.refused(e);
    }
  }

  /**
   * Drops every page that was read but not committed; these pages will be delivered again. The
   * worker must already have cut them from its files.
   */
  public void drop() {
    dropped(new CommitResult.NotOurs());
  }

  /**
   * Notes that the worker failed on the pages that it has. If it has one that ran alone, {@link
   * #close} keeps its strike, as if the worker had been killed. Without this, a page that makes its
   * worker fail in an orderly way would be redelivered forever.
   */
  public void keepStrike() {
    alone = null;
  }

  /**
   * Leaves uncommitted pages to other workers and closes the connection. A consumer that holds
   * nothing is removed from the group.
   */
  @Override
  public void close() {
    try {
      if (member.connected()) {
        log.debug("consumer {} leaves {} pages to others", name, giveBack());
      }
    } catch (RedisLostException | RedisCommandExecutionException e) {
      log.debug("consumer {} could not give back its pages", name, e);
    } finally {
      held.clear();
      presence.leave();
      member.leave();
      outcomes.close();
    }
  }

  private Long giveBack() {
    byte[][] scriptKeys = {member.pages, arg(member.keys.strikes())};
    byte[] ranAlone = arg(alone == null ? "" : alone);
    return member.call(
        Scripts.GIVE_BACK,
        scriptKeys,
        arg(GROUP),
        member.name,
        arg(LONG_IDLE.toMillis()),
        ranAlone);
  }

  private Session connect() {
    if (known != null && member.connected()) {
      return known;
    }
    try {
      Session found = member.join();
      adopt(found);
      return found;
    } catch (RuntimeException e) {
      member.leave();
      pause(); // a caller that retries at once must not open connections in a busy loop
      throw e instanceof RedisCommandExecutionException refused ? member.refused(refused) : e;
    }
  }

  /**
   * A reply may have been lost with the previous connection, so our own pending pages are read
   * again.
   */
  private void adopt(Session found) {
    if (!found.equals(known)) {
      suspects.forget();
      forgetHeld();
    }
    known = found;
    if (first) {
      suspects.addOwnPending();
      first = false; // not earlier, since an attempt that lost Redis is repeated
    } else {
      reader.redo();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
