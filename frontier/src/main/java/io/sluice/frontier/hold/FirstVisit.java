package io.sluice.frontier.hold;

import io.sluice.core.config.FetcherSettings;
import io.sluice.frontier.hold.HostState.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much time a host that has never given a good answer gets for its first byte: little at the
 * first visit, twice as much at each later one. The usual timeouts apply as well, and after some
 * tries only these. A pure policy. Immutable.
 *
 * <p>No order of visits can distinguish a host that will never answer from one that answers at
 * once. So while many untried hosts are waiting, each gets less time: just enough for all of them
 * to be visited within the usual time of one, even if none answers, but never less than a fifth of
 * that. A host that needs longer is held, its URL is not charged, and it gets twice the usual time
 * at its next visit, which then competes only with hosts in trouble.
 *
 * @param firstByte maximum time to the first byte at the first visit
 */
public record FirstVisit(Duration firstByte) {

  /** After this many doublings the timeout is longer than any other. */
  private static final int MAX_DOUBLINGS = 20;

  /**
   * The time from the start of a request to the first byte of its response; null if the usual
   * timeouts are enough.
   *
   * @param untried how many other hosts are waiting for their first visit
   * @param places how many visits can be made at a time
   */
  public @Nullable Duration firstByte(HostState state, int untried, int places) {
    int tries = state.triesInVain();
    if (state.proven() || tries > MAX_DOUBLINGS) {
      return null;
    }
    return state.kind() == Kind.FIRST
        ? amongOthers(untried, places)
        : firstByte.multipliedBy(1L << tries);
  }

  private Duration amongOthers(int untried, int places) {
    Duration turn = firstByte.multipliedBy(places).dividedBy(Math.max(1, untried));
    Duration least = firstByte.dividedBy(FetcherSettings.Timeouts.LEAST_PART);
    return turn.compareTo(least) < 0 ? least : turn.compareTo(firstByte) < 0 ? turn : firstByte;
  }
}
