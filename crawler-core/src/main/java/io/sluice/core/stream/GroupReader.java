package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;
import static io.sluice.core.stream.PartitionKeys.GROUP;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.message.Decoded;
import io.sluice.core.message.Published;
import io.sluice.core.message.PublishedCodec;
import io.sluice.core.message.StreamEntry;
import io.sluice.core.redis.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a consumer's pages: new ones and, after a lost connection, its own pending ones again,
 * since a reply with them may have been lost. Entries that cannot be decoded go to the dead
 * letters.
 *
 * <p>Confined to its worker's thread: calls block it.
 */
final class GroupReader {

  private static final Logger log = LoggerFactory.getLogger(GroupReader.class);
  private static final String BEGINNING = "0-0";

  private final GroupMember member;
  private final DeadLetters deadLetters;
  private final Predicate<String> known;

  /** The id after which our own pending pages are read again; null once all have been. */
  private @Nullable String redoAfter;

  /**
   * @param known tests whether the worker already has the page with a given id, or the page is a
   *     suspect
   */
  GroupReader(GroupMember member, DeadLetters deadLetters, Predicate<String> known) {
    this.member = member;
    this.deadLetters = deadLetters;
    this.known = known;
  }

  /** Has our own pending pages read again before new ones. */
  void redo() {
    redoAfter = BEGINNING;
  }

  /** Whether this consumer may have pending pages that its worker does not have. */
  boolean redoing() {
    return redoAfter != null;
  }

  /** Reads our own pending pages again, except for those that the worker has. */
  List<Delivery> readAgain(Session session, int maxPages, long maxBytes) {
    List<Delivery> deliveries = List.of();
    while (deliveries.isEmpty() && redoAfter != null) {
      List<Object> flat =
          member.call(
              Scripts.REDO,
              new byte[][] {member.pages},
              arg(GROUP),
              member.name,
              arg(redoAfter),
              arg(maxPages),
              arg(maxBytes));
      String last = Script.text(flat.getFirst());
      redoAfter = last.isEmpty() ? null : last;
      deliveries = deliver(session, flat, 1);
    }
    return deliveries;
  }

  /** Reads pages that no consumer has had; waits up to {@code wait} for the first of them. */
  List<Delivery> readNew(Session session, int maxPages, long maxBytes, Duration wait) {
    List<Delivery> ready = readReady(session, maxPages, maxBytes);
    if (!ready.isEmpty() || wait.toMillis() == 0) { // BLOCK 0 would wait forever
      return ready;
    }
    List<StreamMessage<byte[], byte[]>> one = waitForOne(wait);
    if (one.isEmpty()) {
      return List.of();
    }
    List<Delivery> deliveries = new ArrayList<>();
    StreamEntry entry = Entries.page(one.getFirst());
    deliver(session, one.getFirst().getId(), entry, deliveries);
    if (maxPages > 1 && entry.occupies() < maxBytes) {
      deliveries.addAll(readReady(session, maxPages - 1, maxBytes - entry.occupies()));
    }
    return deliveries;
  }

  private List<Delivery> readReady(Session session, int maxPages, long maxBytes) {
    List<Object> flat =
        member.call(
            Scripts.READ,
            new byte[][] {member.pages},
            arg(GROUP),
            member.name,
            arg(maxPages),
            arg(maxBytes));
    return deliver(session, flat, 0);
  }

  @SuppressWarnings("unchecked") // the client library's varargs of a generic type
  private List<StreamMessage<byte[], byte[]>> waitForOne(Duration wait) {
    return member.await(
        member
            .commands()
            .xreadgroup(
                member.consumer(),
                XReadArgs.Builder.block(wait).count(1),
                StreamOffset.lastConsumed(member.pages)),
        wait);
  }

  private List<Delivery> deliver(Session session, List<Object> flat, int from) {
    List<Delivery> deliveries = new ArrayList<>(flat.size() / 4);
    for (int i = from; i + 3 < flat.size(); i += 4) {
      String id = Script.text(flat.get(i));
      if (!known.test(id)) {
        deliver(session, id, Entries.entry(flat, i + 1), deliveries);
      }
    }
    return deliveries;
  }

  private void deliver(Session session, String id, StreamEntry entry, List<Delivery> deliveries) {
    Delivery delivery = decode(session, id, entry);
    if (delivery != null) {
      deliveries.add(delivery);
    }
  }

  /** The content of an entry; null if it cannot be decoded and was moved to the dead letters. */
  @Nullable Delivery decode(Session session, String id, StreamEntry entry) {
    return switch (PublishedCodec.decode(entry)) {
      case Decoded.Whole<Published>(Published content) -> new Delivery(id, content);
      case Decoded.Malformed<Published>(String reason, LeaseId lease) -> {
        log.warn("page {} cannot be read: {}", id, reason);
        deadLetters.buryMalformed(session, id, lease);
        yield null;
      }
    };
  }
}
