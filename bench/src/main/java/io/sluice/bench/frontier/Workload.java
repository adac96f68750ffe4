package io.sluice.bench.frontier;

import io.sluice.core.lease.Offer;
import java.util.ArrayList;
import java.util.List;

/**
 * The offers, drawn in the same order for the same seed. A new one is the next of the {@link
 * UrlSpace}. One that was offered before is, by the recent share, one of the last {@value #RECENT}
 * that were new, as the links of a site's navigation are; else any of the earlier ones, each as
 * likely, which is the hardest case for a set on disk. Confined to one thread.
 */
final class Workload {

  private static final int RECENT = 4_096;

  private final UrlSpace urls;
  private final double recentShare;
  private final long stream;
  private long created;
  private long drawn;

  /**
   * @param created how many URLs were offered before
   * @param recentShare of the repeated offers, 0 to 1
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
   * @param newShare how many of them are of URLs never offered before, 0 to 1
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

  /** URLs that were offered at least once. */
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
