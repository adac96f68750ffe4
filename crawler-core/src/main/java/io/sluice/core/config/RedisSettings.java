package io.sluice.core.config;

import java.time.Duration;

/**
 * The Redis that carries pages and outcomes. Immutable.
 *
 * @param uri {@code embedded}, {@code redis://}, {@code rediss://} or {@code redis-socket://}
 * @param commandTimeout how long a command may take
 * @param pool the process's connection pool
 */
public record RedisSettings(String uri, Duration commandTimeout, Pool pool) {

  /** The word for a redis-server of the crawl's own. */
  public static final String EMBEDDED = "embedded";

  /** The URI as messages may show it: bounded, on one line, what stands before its @ masked. */
  public String shownUri() {
    return Echo.withoutPassword(uri);
  }

  /** The settings without the password. */
  @Override
  public String toString() {
    return "RedisSettings[uri=%s, commandTimeout=%s, pool=%s]"
        .formatted(shownUri(), commandTimeout, pool);
  }

  /** Whether the crawl brings its own redis-server. */
  public boolean embedded() {
    return uri.equals(EMBEDDED);
  }

  /**
   * The pool's bounds.
   *
   * @param max connections at most, blocking readers included
   * @param acquireTimeout how long a caller waits for a connection
   */
  public record Pool(int max, Duration acquireTimeout) {}
}
