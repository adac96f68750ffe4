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

  /** The URI that means a redis-server of the crawl's own. */
  public static final String EMBEDDED = "embedded";

  /** The same settings with another URI. */
  public RedisSettings withUri(String other) {
    return new RedisSettings(other, commandTimeout, pool);
  }

  /** These settings with another number of connections. */
  public RedisSettings withPoolMax(int other) {
    return new RedisSettings(uri, commandTimeout, new Pool(other, pool.acquireTimeout));
  }

  /** The URI as messages may show it: bounded, on one line, everything before its @ masked. */
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
   * @param max maximum number of connections, including blocking readers
   * @param acquireTimeout how long a caller waits for a connection
   */
  public record Pool(int max, Duration acquireTimeout) {}
}
