package io.sluice.core.redis;

import static io.sluice.core.redis.PartitionKeys.GROUP;
import static io.sluice.core.redis.Script.arg;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.models.stream.PendingMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages that were in flight when a worker died: a consumer's own from a former life, and those that
 * it takes over from dead ones (PROTOCOL: dead workers). Each runs alone; one that was alone in
 * flight too often when its worker died is given up.
 *
 * <p>Confined to its worker's thread: calls block it.
 */
final class Suspects {

  private static final Logger LOG = LoggerFactory.getLogger(Suspects.class);
  private static final int CLAIM_AT_ONCE = 16;
  private static final int MAX_AT_START = 10_000;
  private static final String BEGINNING = "0-0";

  private final GroupMember member;
  private final Graveyard graveyard;
  private final ConsumerSettings settings;
  private final Deque<String> ids = new ArrayDeque<>();

  private long nextClaimNanos = System.nanoTime();
  private String claimCursor = BEGINNING;

  /** None at first. */
  Suspects(GroupMember member, Graveyard graveyard, ConsumerSettings settings) {
    this.member = member;
    this.graveyard = graveyard;
    this.settings = settings;
  }

  boolean contains(String id) {
    return ids.contains(id);
  }

  boolean isEmpty() {
    return ids.isEmpty();
  }

  /** Forgets them: Redis may not have them any more. */
  void forget() {
    ids.clear();
  }

  /** Suspects what a former worker of this consumer's name held. */
  void addOwnPending() {
    List<PendingMessage> pending =
        member.await(
            member
                .commands()
                .xpending(
                    member.pages, member.consumer(), Range.unbounded(), Limit.from(MAX_AT_START)));
    pending.forEach(page -> ids.add(page.getId()));
  }

  /** Takes over, from time to time, what consumers hold that have not been heard of for long. */
  void claimFromTheDead() {
    if (System.nanoTime() - nextClaimNanos < 0) {
      return;
    }
    var claimed =
        member.await(
            member
                .commands()
                .xautoclaim(
                    member.pages,
                    XAutoClaimArgs.Builder.justid(
                            member.consumer(), settings.claimAfter(), claimCursor)
                        .count(CLAIM_AT_ONCE)));
    claimed.getMessages().forEach(message -> ids.add(message.getId()));
    claimCursor = claimed.getId();
    if (claimCursor.equals(BEGINNING)) {
      nextClaimNanos = System.nanoTime() + settings.claimEvery().toNanos();
    }
  }

  /** The next one that may run, with a strike that a clean end takes back; null if none is left. */
  @Nullable Delivery next(Session now, GroupReader reader) {
    while (!ids.isEmpty()) {
      Delivery delivery = judge(now, ids.remove(), reader);
      if (delivery != null) {
        return delivery;
      }
    }
    return null;
  }

  private @Nullable Delivery judge(Session now, String id, GroupReader reader) {
    List<Object> verdict =
        member.call(
            Script.SUSPECT,
            new byte[][] {member.pages, arg(member.keys.strikes())},
            arg(GROUP),
            member.name,
            arg(id),
            arg(settings.maxStrikes()));
    String word = Script.text(verdict.getFirst());
    Delivery delivery =
        word.equals("gone") ? null : reader.decode(now, id, Entries.entry(verdict, 1));
    if (delivery == null || word.equals("run")) {
      return delivery;
    }
    LOG.warn("page {} killed its worker {} times; it is given up", id, settings.maxStrikes());
    graveyard.buryPoison(now, id, delivery.page());
    return null;
  }
}
