package io.sluice.core.redis;

import org.jspecify.annotations.Nullable;

/**
 * Redis did not answer: the connection broke, none was free in time, or the command took too long.
 * Whether the command was executed is unknown. The caller may try again; connections are replaced.
 */
public class RedisLostException extends RuntimeException {

  /** Creates an exception whose message names in one line what was lost. */
  public RedisLostException(String message) {
    super(message);
  }

  /** As {@link #RedisLostException(String)}, with the failure that caused it. */
  public RedisLostException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
