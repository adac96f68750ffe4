package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;
import static io.sluice.core.stream.PartitionKeys.GROUP;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.models.stream.PendingMessage;
import io.sluice.core.redis.Script;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages that were in flight when a worker died: pages pending from an earlier consumer of the same
 * name, and those that this consumer takes over from dead ones (docs/handover.md, "Pages that kill
 * their worker"). Each runs alone; one that was alone in flight too often when its worker died is
 * given up.
 *
 * <p>Confined to its worker's thread: calls block it.
 */
final class Suspects {

  private static final Logger log = LoggerFactory.getLogger(Suspects.class);
  private static final int CLAIM_AT_ONCE = 16;
  private static final int MAX_AT_START = 10_000;
  private static final String BEGINNING = "0-0";

  private final GroupMember member;
  private final DeadLetters deadLetters;
  private final ConsumerSettings settings;
  private final Deque<String> ids = new ArrayDeque<>();

  private long nextClaimNanos;
  private String claimCursor = BEGINNING;

  /** Creates an empty set. */
  Suspects(GroupMember member, DeadLetters deadLetters, ConsumerSettings settings) {
    this.member = member;
    this.deadLetters = deadLetters;
    this.settings = settings;
    this.nextClaimNanos = member.nanoTime();
  }

  boolean contains(String id) {
    return ids.contains(id);
  }

  boolean isEmpty() {
    return ids.isEmpty();
  }

  /** Forgets all suspects, since Redis may no longer have their pages. */
  void forget() {
    ids.clear();
  }

  /** Adds the pages that an earlier worker under this consumer's name held. */
  void addOwnPending() {
    List<PendingMessage> pending =
        member.await(
            member
                .commands()
                .xpending(
                    member.pages, member.consumer(), Range.unbounded(), Limit.from(MAX_AT_START)));
    pending.forEach(page -> ids.add(page.getId()));
  }

  /** Periodically takes over the pages of consumers that have been silent for a long time. */
  void claimFromTheDead() {
    if (member.nanoTime() - nextClaimNanos < 0) {
      return;
    }
    List<Object> taken =
        member.call(
            Scripts.TAKE_OVER,
            new byte[][] {member.pages},
            arg(GROUP),
            member.name,
            arg(settings.claimAfter().toMillis()),
            arg(claimCursor),
            arg(CLAIM_AT_ONCE));
    taken.stream().skip(1).map(Script::text).forEach(ids::add);
    claimCursor = Script.text(taken.getFirst());
    if (claimCursor.equals(BEGINNING)) {
      nextClaimNanos = member.nanoTime() + settings.claimEvery().toNanos();
    }
  }

  /**
   * The next page that may run, already given a strike, which a clean end removes; null if none is
   * left.
   */
  @Nullable Delivery next(Session session, GroupReader reader) {
    while (!ids.isEmpty()) {
      Delivery delivery = judge(session, ids.remove(), reader);
      if (delivery != null) {
        return delivery;
      }
    }
    return null;
  }

  private @Nullable Delivery judge(Session session, String id, GroupReader reader) {
    List<Object> verdict =
        member.call(
            Scripts.SUSPECT,
            new byte[][] {member.pages, arg(member.keys.strikes())},
            arg(GROUP),
            member.name,
            arg(id),
            arg(settings.maxStrikes()));
    String word = Script.text(verdict.getFirst());
    Delivery delivery =
        word.equals("gone") ? null : reader.decode(session, id, Entries.entry(verdict, 1));
    if (delivery == null || word.equals("run")) {
      return delivery;
    }
    log.warn("page {} killed its worker {} times; it is given up", id, settings.maxStrikes());
    deadLetters.buryPoison(session, id, delivery.content());
    return null;
  }
}
