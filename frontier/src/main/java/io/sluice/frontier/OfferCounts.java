package io.sluice.frontier;

import io.sluice.frontier.scope.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch of offers. Immutable.
 *
 * @param accepted URLs newly queued
 * @param seen URLs that were already known, in any state
 * @param refused URLs that the scope refused
 * @param firstRefusal why the first of those was refused; null if none was
 */
public record OfferCounts(long accepted, long seen, long refused, @Nullable Refusal firstRefusal) {

  public static final OfferCounts NONE = new OfferCounts(0, 0, 0, null);

  /** Both sums. */
  public OfferCounts plus(OfferCounts other) {
    return new OfferCounts(
        accepted + other.accepted,
        seen + other.seen,
        refused + other.refused,
        firstRefusal == null ? other.firstRefusal : firstRefusal);
  }
}
