package io.sluice.core.stream;

import io.sluice.core.redis.RedisLostException;

/**
 * Redis answers, but no fetcher of the crawl has taken the partition: none has started yet, or
 * Redis lost its data and no fetcher has noticed. A worker waits, as it does while Redis is away,
 * unless it is stopping: pages that were read before can no longer be committed.
 */
public final class NoEpochException extends RedisLostException {

  NoEpochException(String message) {
    super(message);
  }
}
