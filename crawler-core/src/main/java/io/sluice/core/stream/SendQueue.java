package io.sluice.core.stream;

import io.sluice.core.message.StreamEntry;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An appender's entries without an answer, grouped by what is known of them, with the id that each
 * is sent under. It decides what is sent next and does nothing else: its owner sends the entries,
 * receives the replies, and completes the results. What is in flight is bounded here; its owner
 * bounds what waits.
 *
 * <p>The life of an entry:
 *
 * <ol>
 *   <li>It is <em>unsent</em> and has no id.
 *   <li>{@link #next} gives it the next id of the incarnation; from then on it is <em>in
 *       flight</em>.
 *   <li>It is {@linkplain #remove answered}, or one of three things happens. Refused for the time
 *       being, it is unsent again, since it is certainly not there. Refused because of another
 *       program's entry above it, it is <em>outranked</em>, and unsent once there is an incarnation
 *       above that entry. If its connection is lost, it waits <em>to be resent</em> under its id,
 *       before everything that is unsent; it may be there, so it keeps the id, whatever happens.
 * </ol>
 *
 * <p>Confined to the pool's I/O thread.
 */
final class SendQueue {

  static final int MAX_IN_FLIGHT = 256;

  /** Sent on the current connection, in the order of their ids. */
  private final Deque<Item> inFlight = new ArrayDeque<>();

  /** Sent on an earlier connection and unanswered, in the order of their ids. */
  private final Queue<Item> toResend =
      new PriorityQueue<>(
          Comparator.<Item>comparingLong(item -> item.incarnation)
              .thenComparingLong(item -> item.number));

  /** Refused when first sent, because of another program's entry. */
  private final Deque<Item> outranked = new ArrayDeque<>();

  /** Never sent, or refused when they were first sent: without an id. */
  private final Deque<Item> unsent = new ArrayDeque<>();

  private final long maxBytesInFlight;
  private long bytesInFlight;

  private long incarnation;

  /** The number in the id that was given last; zero if the incarnation has none yet. */
  private long lastNumber;

  /**
   * @param incarnation the first part of the ids that are given
   * @param maxBytesInFlight maximum size of entries that are sent and unanswered; one entry is
   *     always allowed
   */
  SendQueue(long incarnation, long maxBytesInFlight) {
    this.incarnation = incarnation;
    this.maxBytesInFlight = maxBytesInFlight;
  }

  /** An entry, its id once it has one, and its answer, which the queue's owner gives. */
  static final class Item {
    final StreamEntry entry;
    final CompletableFuture<Appended> result = new CompletableFuture<>();
    private long incarnation;
    private long number;
    private boolean resent;

    Item(StreamEntry entry) {
      this.entry = entry;
    }

    /** The id under which it was sent. */
    String id() {
      return incarnation + "-" + number;
    }

    /** The id just below its own. */
    String idBefore() {
      return incarnation + "-" + (number - 1);
    }

    /** Whether it was sent under its id on a connection that was lost before the answer. */
    boolean resent() {
      return resent;
    }
  }

  void add(Item item) {
    unsent.add(item);
  }

  boolean nothingToSend() {
    return unsent.isEmpty() && toResend.isEmpty();
  }

  boolean nothingInFlight() {
    return inFlight.isEmpty();
  }

  /**
   * Takes the entry that is to be sent now, which counts as in flight from then on; null if none is
   * waiting, or if there is no room for it beside those in flight.
   */
  @Nullable Item next() {
    boolean hasId = !toResend.isEmpty();
    Queue<Item> from = hasId ? toResend : unsent;
    Item item = from.peek();
    if (item == null || !fits(item)) {
      return null;
    }
    from.remove();
    if (!hasId) {
      item.incarnation = incarnation;
      item.number = ++lastNumber;
    }
    inFlight.add(item);
    bytesInFlight += item.entry.occupies();
    return item;
  }

  private boolean fits(Item item) {
    return inFlight.isEmpty()
        || (inFlight.size() < MAX_IN_FLIGHT
            && bytesInFlight + item.entry.occupies() <= maxBytesInFlight);
  }

  /** Removes an entry that has its answer. Does nothing if it is no longer here. */
  void remove(Item item) {
    if (!land(item)) {
      toResend.remove(item); // the connection was lost while the entry was looked up
    }
  }

  /**
   * Queues an entry again that was refused for a temporary reason: one that may be there keeps its
   * id.
   */
  void refused(Item item) {
    land(item);
    if (item.resent) {
      toResend.add(item);
    } else {
      unsent.addFirst(item);
    }
  }

  /**
   * Sets aside an entry that was refused because of another program's entry above it, and is
   * certainly not there.
   *
   * @return whether the incarnation in use is too low, too; false if that incarnation was taken
   *     after the entry was sent
   */
  boolean outranked(Item item) {
    land(item);
    outranked.add(item);
    return item.incarnation == incarnation;
  }

  /** Uses a new incarnation for ids from now on. */
  void renewed(long taken) {
    incarnation = taken;
    lastNumber = 0;
  }

  /** Puts the outranked entries ahead of all unsent ones, in their order. */
  void sendOutranked() {
    while (!outranked.isEmpty()) {
      unsent.addFirst(outranked.removeLast());
    }
  }

  /**
   * Queues the entries in flight to be resent: the connection was lost, and they may be there.
   *
   * @return how many entries were in flight
   */
  int connectionLost() {
    int unanswered = inFlight.size();
    inFlight.forEach(item -> item.resent = true);
    toResend.addAll(inFlight);
    inFlight.clear();
    bytesInFlight = 0;
    return unanswered;
  }

  private boolean land(Item item) {
    if (!inFlight.remove(item)) {
      return false;
    }
    bytesInFlight -= item.entry.occupies();
    return true;
  }

  /** All entries without an answer, in no particular order. */
  List<Item> unanswered() {
    return Stream.of(inFlight, toResend, outranked, unsent).<Item>flatMap(Queue::stream).toList();
  }

  /**
   * Entries that are given up.
   *
   * @param inDoubt entries that were sent, and may be there
   * @param notThere entries that are certainly not there
   */
  record Abandoned(List<Item> inDoubt, List<Item> notThere) {}

  /** Gives up every entry, which leaves the queue empty. */
  Abandoned abandon() {
    connectionLost();
    List<Item> inDoubt = List.copyOf(toResend);
    List<Item> notThere = Stream.concat(outranked.stream(), unsent.stream()).toList();
    toResend.clear();
    outranked.clear();
    unsent.clear();
    return new Abandoned(inDoubt, notThere);
  }
}
