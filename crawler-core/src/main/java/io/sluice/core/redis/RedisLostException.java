package io.sluice.core.redis;

import org.jspecify.annotations.Nullable;

/**
 * Redis did not answer: the connection broke, none was free in time, or the command took too long.
 * Whether the command was executed is unknown. The caller may try again; connections are replaced.
 */
public sealed class RedisLostException extends RuntimeException permits NoEpochException {

  /** Says in one line what was lost. */
  public RedisLostException(String message) {
    super(message);
  }

  RedisLostException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
