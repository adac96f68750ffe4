package io.sluice.fetcher.http;

import io.sluice.core.lease.Reason;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one of a host's addresses as RFC 8305 describes: attempts begin one after the other,
 * a short delay apart or as soon as one fails (section 5), and the first that connects wins.
 *
 * <ol>
 *   <li>The delay is 250 ms, or less if the budget would otherwise not reach the last address: each
 *       attempt begins within the first half of the budget.
 *   <li>At most {@link #MAX_OPEN} attempts are open at a time. Each attempt except the first needs
 *       an additional connection place. If none is left, the next attempt replaces the oldest one
 *       once the latter has used up its share of the budget.
 *   <li>Only the address that connects is checked with {@link Course#mayAsk}, since permission
 *       takes up a visit's place at the address. If permission is refused, the attempt is closed
 *       and the race goes on. A host's only address is checked before a connection is attempted,
 *       since no other could be used instead.
 *   <li>When the race ends, all attempts except the winner are closed at once.
 * </ol>
 *
 * <p>Confined to its connection pool's event loop. Owns its attempts until it ends; it ends once.
 */
final class AddressRace {

  /** Maximum number of attempts open at a time. */
  static final int MAX_OPEN = 8;

  /** The delay between attempts that RFC 8305, section 5, recommends. */
  static final long DELAY_MILLIS = 250;

  private static final long LEAST_DELAY_MILLIS = 10;

  /** An open attempt to connect. */
  interface Attempt {
    /** Closes the attempt; anything that it reports later is ignored. */
    void close();
  }

  /** The environment of a race. Its methods are called on the event loop. */
  interface Course {
    /** The monotonic time. */
    long nanoTime();

    /**
     * Begins an attempt, which reports to {@link AddressRace#connected} or {@link
     * AddressRace#failed} after this returns.
     *
     * @param millis the time after which it fails with {@link Reason#CONNECT_TIMEOUT}
     * @return null if the system has no file descriptor left
     */
    @Nullable Attempt begin(InetAddress to, long millis);

    /** Takes a connection place for one more attempt, if one is left; returns whether it did. */
    boolean takePlace();

    /** Gives back a place that {@link #takePlace} took. */
    void givePlace();

    /**
     * Whether a request may be sent to the address now; if so, takes a visit's place at the
     * address.
     */
    boolean mayAsk(InetAddress address);

    /** Runs a task on the loop after a delay. */
    void later(long millis, Runnable what);

    /** Records that an address does not answer, for later visits. */
    void isDead(InetAddress address);
  }

  /** How a race ends. */
  interface Finish {
    /** A connection was made, and may be used for a request; the receiver owns the attempt. */
    void won(Attempt attempt, InetAddress address);

    /** No request may be sent now to any of the addresses that can be connected to. */
    void busy();

    /** The system had no file descriptor for any attempt. */
    void noDescriptor();

    /** No address could be connected to. */
    void lost(Reason reason);
  }

  private record Open(Attempt attempt, InetAddress address, long sinceNanos) {}

  private final Queue<InetAddress> untried;
  private final boolean single;
  private final long budgetMillis;
  private final long delayMillis;
  private final Course course;
  private final Finish finish;

  /** How much of the budget each attempt may use before the next address replaces it. */
  private final long shareNanos;

  /** Addresses of attempts that were replaced before they answered. */
  private final List<InetAddress> displaced = new ArrayList<>();

  /** Open attempts, oldest first. */
  private final Deque<Open> open = new ArrayDeque<>();

  /**
   * Number of connection places taken in addition to the dial's own, which the first attempt uses.
   */
  private int extraPlaces;

  private long startNanos;

  private @Nullable Reason refusal;
  private boolean refusedLeave;
  private boolean ended;

  /** Number of the latest delay; the ends of earlier delays are ignored. */
  private int delays;

  /**
   * Creates a race that has not begun.
   *
   * @param addresses at least one, in the order in which they are tried
   * @param budgetMillis maximum duration of the whole race
   */
  AddressRace(List<InetAddress> addresses, long budgetMillis, Course course, Finish finish) {
    this.untried = new ArrayDeque<>(addresses);
    this.single = addresses.size() == 1;
    this.budgetMillis = budgetMillis;
    this.delayMillis =
        Math.clamp(budgetMillis / 2 / addresses.size(), LEAST_DELAY_MILLIS, DELAY_MILLIS);
    this.shareNanos = TimeUnit.MILLISECONDS.toNanos(budgetMillis) / addresses.size();
    this.course = course;
    this.finish = finish;
  }

  void start() {
    if (single && !course.mayAsk(untried.element())) {
      end();
      finish.busy();
      return;
    }
    startNanos = course.nanoTime();
    next();
  }

  /** Starts the next attempt, if an address is left, and the delay before the one after it. */
  private void next() {
    if (ended || untried.isEmpty()) {
      return;
    }
    if (!open.isEmpty() && !takePlace()) {
      Open oldest = open.element();
      long leftOfShare = oldest.sinceNanos() + shareNanos - course.nanoTime();
      if (leftOfShare > 0) {
        nextIn(TimeUnit.NANOSECONDS.toMillis(leftOfShare) + 1);
        return;
      }
      open.remove();
      oldest.attempt().close();
      displaced.add(oldest.address());
      remember(Reason.CONNECT_TIMEOUT);
    }
    InetAddress address = untried.element();
    Attempt attempt = course.begin(address, leftMillis());
    if (attempt != null) {
      untried.remove();
      open.add(new Open(attempt, address, course.nanoTime()));
    }
    settlePlaces();
    if (open.isEmpty()) {
      end();
      finish.noDescriptor();
      return;
    }
    nextIn(delayMillis);
  }

  private void nextIn(long millis) {
    int delay = ++delays;
    course.later(
        millis,
        () -> {
          if (delay == delays) {
            next();
          }
        });
  }

  private long leftMillis() {
    long passed = TimeUnit.NANOSECONDS.toMillis(course.nanoTime() - startNanos);
    return Math.max(1, budgetMillis - passed);
  }

  private boolean takePlace() {
    if (open.size() == MAX_OPEN || !course.takePlace()) {
      return false;
    }
    extraPlaces++;
    return true;
  }

  /** Returns the places of attempts that are no longer open. */
  private void settlePlaces() {
    while (extraPlaces > Math.max(0, open.size() - 1)) {
      extraPlaces--;
      course.givePlace();
    }
  }

  /** Called when an attempt is connected. */
  void connected(Attempt attempt) {
    Open winner = take(attempt);
    if (winner == null) {
      return;
    }
    if (single || course.mayAsk(winner.address())) {
      displaced.forEach(course::isDead); // another address answered in time, and these did not
      end();
      finish.won(attempt, winner.address());
      return;
    }
    refusedLeave = true;
    attempt.close();
    goOn();
  }

  /** Called when an attempt has failed. */
  void failed(Attempt attempt, Reason reason) {
    Open loser = take(attempt);
    if (loser != null) {
      attempt.close();
      isDead(loser.address(), reason);
      goOn();
    }
  }

  private void isDead(InetAddress address, Reason reason) {
    remember(reason);
    if (reason != Reason.NETWORK_UNREACHABLE) {
      course.isDead(address);
    }
  }

  /**
   * Keeps the first failure, but prefers any other to a missing route, which is the least
   * informative: the address may just be of the other family.
   */
  private void remember(Reason reason) {
    if (refusal == null || refusal == Reason.NETWORK_UNREACHABLE) {
      refusal = reason;
    }
  }

  private @Nullable Open take(Attempt attempt) {
    for (Open each : open) {
      if (each.attempt().equals(attempt)) {
        open.remove(each);
        return each;
      }
    }
    return null;
  }

  /** Starts the next attempt at once, since one has left the race. */
  private void goOn() {
    settlePlaces();
    if (!untried.isEmpty()) {
      next();
    } else if (open.isEmpty()) {
      end();
      if (refusedLeave) {
        finish.busy();
      } else {
        finish.lost(refusal == null ? Reason.CONNECT_FAILED : refusal);
      }
    }
  }

  /** Ends the race without a report; attempts are closed. Idempotent. */
  void abandon() {
    end();
  }

  private void end() {
    ended = true;
    untried.clear();
    while (!open.isEmpty()) {
      open.remove().attempt().close();
    }
    settlePlaces();
  }
}
