package io.sluice.core.redis;

import static io.sluice.core.redis.PartitionKeys.GROUP;
import static io.sluice.core.redis.Script.arg;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.message.Decoded;
import io.sluice.core.message.Page;
import io.sluice.core.message.PageCodec;
import io.sluice.core.message.StreamEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a consumer's pages: new ones, and after a lost connection its own pending ones again, of
 * which a reply may have been lost. What cannot be decoded is buried.
 *
 * <p>Confined to its worker's thread: calls block it.
 */
final class GroupReader {

  private static final Logger LOG = LoggerFactory.getLogger(GroupReader.class);
  private static final String BEGINNING = "0-0";

  private final GroupMember member;
  private final Graveyard graveyard;
  private final Predicate<String> known;

  /** Where to go on reading our own pending pages again; null when there is no need. */
  private @Nullable String redoAfter;

  /**
   * @param known whether a page with that id is the worker's already, or a suspect
   */
  GroupReader(GroupMember member, Graveyard graveyard, Predicate<String> known) {
    this.member = member;
    this.graveyard = graveyard;
    this.known = known;
  }

  /** From now on our own pending pages are read again, before new ones. */
  void redo() {
    redoAfter = BEGINNING;
  }

  /** Whether pages of our own may be pending that the worker has not. */
  boolean redoing() {
    return redoAfter != null;
  }

  /** Our own pending pages again, but for those that the worker has. */
  List<Delivery> readAgain(Session now, int maxPages, long maxBytes) {
    List<Delivery> deliveries = List.of();
    while (deliveries.isEmpty() && redoAfter != null) {
      List<Object> flat =
          member.call(
              Script.REDO,
              new byte[][] {member.pages},
              arg(GROUP),
              member.name,
              arg(redoAfter),
              arg(maxPages),
              arg(maxBytes));
      String last = Script.text(flat.getFirst());
      redoAfter = last.isEmpty() ? null : last;
      deliveries = deliver(now, flat, 1);
    }
    return deliveries;
  }

  /** Pages that nobody had yet; waits for the first of them. */
  List<Delivery> readNew(Session now, int maxPages, long maxBytes, Duration wait) {
    List<Delivery> ready = readReady(now, maxPages, maxBytes);
    if (!ready.isEmpty() || wait.toMillis() == 0) { // BLOCK 0 would wait without an end
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

  private List<Delivery> readReady(Session now, int maxPages, long maxBytes) {
    List<Object> flat =
        member.call(
            Script.READ,
            new byte[][] {member.pages},
            arg(GROUP),
            member.name,
            arg(maxPages),
            arg(maxBytes));
    return deliver(now, flat, 0);
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

  private List<Delivery> deliver(Session now, List<Object> flat, int from) {
    List<Delivery> deliveries = new ArrayList<>(flat.size() / 4);
    for (int i = from; i + 3 < flat.size(); i += 4) {
      String id = Script.text(flat.get(i));
      if (!known.test(id)) {
        deliver(now, id, Entries.entry(flat, i + 1), deliveries);
      }
    }
    return deliveries;
  }

  private void deliver(Session now, String id, StreamEntry entry, List<Delivery> deliveries) {
    Delivery delivery = decode(now, id, entry);
    if (delivery != null) {
      deliveries.add(delivery);
    }
  }

  /** The page of an entry; null if it cannot be decoded: then it is buried. */
  @Nullable Delivery decode(Session now, String id, StreamEntry entry) {
    return switch (PageCodec.decode(entry)) {
      case Decoded.Whole<Page>(Page page) -> new Delivery(id, page);
      case Decoded.Malformed<Page>(String reason, LeaseId lease) -> {
        LOG.warn("page {} cannot be read: {}", id, reason);
        graveyard.buryMalformed(now, id, lease);
        yield null;
      }
    };
  }
}
