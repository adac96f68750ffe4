package io.sluice.launcher.process;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.resource.Ledger;
import io.sluice.core.stream.OlderKeys;
import io.sluice.frontier.Frontier;
import java.io.IOException;

/**
 * Checks a crawl directory of an older version of Sluice, whose Redis keys did not contain the
 * crawl's name. The directory is taken over unless pages or outcomes are left under those keys.
 * Stateless.
 */
final class OlderVersion {

  private OlderVersion() {}

  /**
   * Checks that no page or outcome that may be the crawl's is left under the old keys. Must be
   * called before the frontier is opened, since the older version cannot read the frontier
   * afterwards.
   *
   * @throws CannotStart if one may be left, or if Redis does not answer
   */
  static void refuseResting(SluiceConfig config, RedisPool redis, Ledger ledger)
      throws CannotStart, IOException {
    if (!Frontier.isOlder(config.crawl().dir(), ledger)) {
      return;
    }
    try {
      long resting = OlderKeys.resting(redis);
      if (resting > 0) {
        throw new CannotStart(
            "crawl.dir=%s: was made by an older Sluice, and %d of its pages or outcomes may rest in Redis at %s, under %s and %s; run that version until none does, or delete those keys to have them fetched again"
                .formatted(
                    config.crawl().dir(),
                    resting,
                    redis.address(),
                    OlderKeys.PAGES,
                    OlderKeys.OUTCOMES));
      }
    } catch (RedisLostException e) {
      throw new CannotStart(
          "redis.uri=%s: %s".formatted(config.redis().shownUri(), e.getMessage()));
    }
  }
}
