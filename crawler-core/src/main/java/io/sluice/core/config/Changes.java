package io.sluice.core.config;

import java.util.List;

/** What may change between two runs of one crawl directory. Stateless. */
public final class Changes {

  private Changes() {}

  /**
   * The keys that differ although the crawl directory fixes them, by name; all other keys may
   * change at any restart.
   *
   * @param old what the crawl directory was made with
   * @param now what it is to be run with
   */
  public static List<Problem> refused(SluiceConfig old, SluiceConfig now) {
    return FixedKeys.of(old).refused(FixedKeys.of(now), now.crawl().dir().toString());
  }
}
