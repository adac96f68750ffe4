package io.sluice.core.redis;

import io.sluice.core.config.Echo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles refused commands of a part of the process: the pool is asked to probe Redis, and logs
 * problems of Redis for all parts. A refusal that concerns only this part's key, such as a wrong
 * type or a missing permission, is logged here, once until a command is accepted again.
 *
 * <p>Confined to its part's thread.
 */
public final class Refusals {

  private static final Logger log = LoggerFactory.getLogger(Refusals.class);

  private final RedisPool pool;
  private final String what;
  private boolean told;

  /**
   * @param what a word for the log that names what is refused: {@code pages}
   */
  public Refusals(RedisPool pool, String what) {
    this.pool = pool;
    this.what = what;
  }

  /** Notes that a command was refused with the given answer. */
  public void refused(String answer) {
    pool.suspect();
    if (!told && !Diagnosis.passing(answer)) {
      told = true;
      log.warn("Redis refuses {}, which are waiting: {}", what, Echo.sentence(answer));
    }
  }

  /** Notes that Redis accepted a command. */
  public void taken() {
    told = false;
  }
}
