package io.sluice.frontier.governor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses that a visit holds. Guarded by the governor's monitor. */
final class AddressVisit {

  private static final class Hold {
    final AddressClock clock;
    boolean asked;

    Hold(AddressClock clock, boolean asked) {
      this.clock = clock;
      this.asked = asked;
    }
  }

  /** How an address is released when its visit is over. */
  interface Release {
    void release(AddressClock clock, boolean asked);
  }

  private final List<Hold> holds = new ArrayList<>(1);
  private long firstAsked = AddressKey.NONE;

  /**
   * The last address that was not free; {@link AddressKey#NONE} if a free one was found after it.
   */
  private long refused = AddressKey.NONE;

  /**
   * Records that a request is sent to an address, if the visit holds the address and either has
   * sent one there before or need not wait; otherwise returns false.
   */
  boolean ask(long key, long nowNanos) {
    Hold hold = find(key);
    // A visit to the same address may have ended since the lease was issued.
    if (hold == null || (!hold.asked && hold.clock.notBeforeNanos - nowNanos > 0)) {
      return false;
    }
    hold.asked = true;
    noteAsked(key);
    return true;
  }

  boolean holds(long key) {
    return find(key) != null;
  }

  private @Nullable Hold find(long key) {
    for (Hold hold : holds) {
      if (hold.clock.key == key) {
        return hold;
      }
    }
    return null;
  }

  /** Makes the visit hold an address from now on. */
  void hold(AddressClock clock, boolean asked) {
    holds.add(new Hold(clock, asked));
    if (asked) {
      noteAsked(clock.key);
    }
  }

  /** Records that an address was not free. */
  void refuse(long key) {
    refused = key;
  }

  /** Releases the addresses that the visit holds, except the one where it was put off. */
  void release(Release release) {
    for (Hold hold : holds) {
      if (hold.clock.key != refused) {
        release.release(hold.clock, hold.asked);
      }
    }
  }

  /** Whether the visit was put off at an address that it holds. */
  boolean wasPutOff() {
    return holds(refused);
  }

  /**
   * The address that the host is to wait for next time: the one where this visit was put off,
   * otherwise the first that it asked; {@link AddressKey#NONE} if there is neither.
   */
  long nextTime() {
    return refused == AddressKey.NONE ? firstAsked : refused;
  }

  private void noteAsked(long key) {
    refused = AddressKey.NONE; // another address was good enough
    firstAsked = firstAsked == AddressKey.NONE ? key : firstAsked;
  }
}
