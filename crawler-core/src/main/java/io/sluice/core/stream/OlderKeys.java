package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;

import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;

/** The keys of older versions, which did not carry the crawl's name. Stateless. */
public final class OlderKeys {

  /** The stream of pages. */
  public static final String PAGES = "{p0}:pages";

  /** The stream of outcomes. */
  public static final String OUTCOMES = "{p0}:outcomes";

  private OlderKeys() {}

  /**
   * Number of pages and outcomes, of any crawl, that are left under these keys.
   *
   * @throws RedisLostException if Redis does not answer
   */
  public static long resting(RedisPool pool) {
    return pool.ask(commands -> commands.xlen(arg(PAGES)))
        + pool.ask(commands -> commands.xlen(arg(OUTCOMES)));
  }
}
