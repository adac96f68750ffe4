package io.sluice.core.redis;

import io.sluice.core.config.Echo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a part of the process makes of a refused command: the pool is asked to look how Redis fares,
 * and says so for all parts. A refusal that concerns this part's key only, a wrong type or a
 * missing permission, is said here, once until something is taken again.
 *
 * <p>Confined to its part's thread.
 */
final class Refusals {

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private final RedisPool pool;
  private final String what;
  private boolean told;

  /**
   * @param what what is refused, as a log shows it: {@code pages}
   */
  Refusals(RedisPool pool, String what) {
    this.pool = pool;
    this.what = what;
  }

  void refused(String answer) {
    pool.suspect();
    if (!told && !Diagnosis.passing(answer)) {
      told = true;
      LOG.warn("Redis refuses {}, which wait now: {}", what, Echo.of(answer));
    }
  }

  /** Redis takes them. */
  void taken() {
    told = false;
  }
}
