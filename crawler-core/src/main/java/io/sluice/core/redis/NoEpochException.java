package io.sluice.core.redis;

/**
 * Redis answers and has no epoch: no fetcher has started yet, or Redis lost its data and no fetcher
 * has noticed. Who may wait does so, as for a Redis that is away; who stops need not: nothing that
 * was read before can be committed any more.
 */
public final class NoEpochException extends RedisLostException {

  NoEpochException() {
    super("Redis has no epoch: no fetcher has started yet, or it lost its data");
  }
}
