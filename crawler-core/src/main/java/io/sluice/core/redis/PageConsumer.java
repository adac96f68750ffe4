package io.sluice.core.redis;

import static io.sluice.core.redis.PartitionKeys.GROUP;
import static io.sluice.core.redis.Script.arg;

import io.lettuce.core.RedisCommandExecutionException;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.message.OutcomeCodec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  private static final long RETRY_MILLIS = 100;

  /** How long pages that are left to others count as idle: longer than any {@code claimAfter}. */
  private static final Duration LONG_IDLE = Duration.ofDays(30);

  private final String name;
  private final GroupMember member;
  private final Presence presence;
  private final Suspects suspects;
  private final GroupReader reader;
  private final OutcomeCodec outcomes = new OutcomeCodec();

  /** Pages that the worker has and did not commit. */
  private final Set<String> held = new HashSet<>();

  private @Nullable Session session;
  private @Nullable String alone;
  private boolean first = true;

  private PageConsumer(
      RedisPool pool,
      PartitionKeys keys,
      String name,
      ConsumerSettings settings,
      Isolation isolation,
      MeterRegistry registry) {
    this.name = name;
    this.member = new GroupMember(pool, keys, name);
    this.presence = new Presence(isolation);
    Graveyard graveyard = new Graveyard(member, outcomes, registry);
    this.suspects = new Suspects(member, graveyard, settings);
    this.reader =
        new GroupReader(member, graveyard, id -> held.contains(id) || suspects.contains(id));
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
      Batch batch =
          presence.enter(wait)
              ? read(now, maxPages, maxBytes, wait)
              : new Batch(now, List.of(), false);
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

  private Batch read(Session now, int maxPages, long maxBytes, Duration wait)
      throws InterruptedException {
    Delivery suspect = held.isEmpty() && !reader.redoing() ? nextSuspect(now, wait) : null;
    if (suspect != null) {
      return new Batch(now, List.of(suspect), true);
    }
    List<Delivery> deliveries = reader.readAgain(now, maxPages, maxBytes);
    if (deliveries.isEmpty() && !presence.outside()) {
      deliveries = reader.readNew(now, maxPages, maxBytes, wait);
    }
    deliveries.forEach(delivery -> held.add(delivery.entryId()));
    return new Batch(now, deliveries, false);
  }

  private @Nullable Delivery nextSuspect(Session now, Duration wait) throws InterruptedException {
    if (suspects.isEmpty()) {
      suspects.claimFromTheDead();
    }
    if (suspects.isEmpty() || !presence.enterAlone(wait)) {
      return null;
    }
    Delivery delivery = suspects.next(now, reader);
    if (delivery != null) {
      alone = delivery.entryId();
      held.add(delivery.entryId());
    }
    return delivery;
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
   * What Redis records of a slot; null where it has no record.
   *
   * @throws RedisLostException if Redis does not answer
   */
  public @Nullable SlotRecord recorded(String slot) {
    connect();
    try {
      byte[] value = member.await(member.commands().hget(arg(member.keys.outputs()), arg(slot)));
      return value == null ? null : SlotRecordJson.decode(slot, value);
    } catch (RedisCommandExecutionException e) {
      throw member.refused(e);
    }
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
      if (member.connected()) {
        LOG.debug("consumer {} leaves {} pages to others", name, giveBack());
      }
    } catch (RedisLostException | RedisCommandExecutionException e) {
      LOG.debug("consumer {} leaves without saying so", name, e);
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
        Script.GIVE_BACK, scriptKeys, arg(GROUP), member.name, arg(LONG_IDLE.toMillis()), ranAlone);
  }

  private Session connect() {
    if (session != null && member.connected()) {
      return session;
    }
    try {
      Session found = member.join();
      adopt(found);
      return found;
    } catch (RuntimeException e) {
      member.leave();
      pause(); // a caller that tries again at once must not open connections in a spin
      throw e instanceof RedisCommandExecutionException refused ? member.refused(refused) : e;
    }
  }

  /** After any new connection a reply may be lost, so our own pending pages are read again. */
  private void adopt(Session found) {
    if (!found.equals(session)) {
      suspects.forget();
      forgetHeld();
    }
    session = found;
    if (first) {
      suspects.addOwnPending();
      first = false; // only now: an attempt that lost Redis is made again
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
