package io.sluice.core.redis;

import org.jspecify.annotations.Nullable;

/**
 * Redis did not answer: the connection broke, none was free in time, or the command took too long.
 * Whether the command was executed is unknown. The caller may try again; connections are replaced.
 */
public class RedisLostException extends RuntimeException {

  /** Says in one line what was lost. */
  public RedisLostException(String message) {
    super(message);
  }

  /** Says in one line what was lost, and gives the failure that caused it. */
  public RedisLostException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
