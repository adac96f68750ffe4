package io.sluice.frontier;

/**
 * What became of a batch of offers. Immutable.
 *
 * @param accepted queued now
 * @param seen known before, in whatever state
 * @param refused outside of the scope; not marked as seen
 */
public record OfferCounts(long accepted, long seen, long refused) {

  /** No offers. */
  public static final OfferCounts NONE = new OfferCounts(0, 0, 0);

  /** Both sums. */
  public OfferCounts plus(OfferCounts other) {
    return new OfferCounts(accepted + other.accepted, seen + other.seen, refused + other.refused);
  }

  /** What came after {@code earlier}. */
  public OfferCounts minus(OfferCounts earlier) {
    return new OfferCounts(
        accepted - earlier.accepted, seen - earlier.seen, refused - earlier.refused);
  }
}
