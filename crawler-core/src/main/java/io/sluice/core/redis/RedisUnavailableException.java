package io.sluice.core.redis;

import org.jspecify.annotations.Nullable;

/** Redis cannot be used, so the process cannot start; the message is one line for the user. */
public final class RedisUnavailableException extends Exception {

  /** Says why in one line, which names the server and the remedy. */
  public RedisUnavailableException(String message) {
    super(message);
  }

  RedisUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
