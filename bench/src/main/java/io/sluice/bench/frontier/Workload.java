package io.sluice.bench.frontier;

import io.sluice.core.lease.Offer;
import java.util.ArrayList;
import java.util.List;

/**
 * The offers, in the same order for the same seed. A new offer has the next URL of the {@link
 * UrlSpace}. A repeated one has, with the probability {@code recentShare}, one of the last {@value
 * #RECENT} new URLs, as navigation links have; otherwise any earlier URL, all being equally likely,
 * which is the hardest case for a set on disk. Confined to one thread.
 */
final class Workload {

  private static final int RECENT = 4_096;

  private final UrlSpace urls;
  private final double recentShare;
  private final long stream;
  private long created;
  private long drawn;

  /**
   * @param created number of URLs offered so far, by earlier processes
   * @param recentShare share of repeated offers that are of recent URLs, 0 to 1
   */
  Workload(long seed, int hosts, double recentShare, long created) {
    this.urls = new UrlSpace(seed, hosts);
    this.recentShare = recentShare;
    this.stream = UrlSpace.mix(seed + created);
    this.created = created;
  }

  /**
   * Draws offers.
   *
   * @param newShare share of offers whose URL was never offered before, 0 to 1
   */
  List<Offer> draw(int count, double newShare) {
    List<Offer> offers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      offers.add(urls.offer(nextId(newShare)));
    }
    return offers;
  }

  private long nextId(double newShare) {
    if (created == 0 || unit() < newShare) {
      return created++;
    }
    return unit() < recentShare ? created - 1 - below(Math.min(created, RECENT)) : below(created);
  }

  /** The number of URLs offered at least once. */
  long created() {
    return created;
  }

  private double unit() {
    return (random() >>> 11) * 0x1p-53;
  }

  private long below(long bound) {
    return Math.unsignedMultiplyHigh(random(), bound);
  }

  private long random() {
    return UrlSpace.mix(stream + drawn++);
  }
}
