package io.sluice.core.redis;

import org.jspecify.annotations.Nullable;

/** Redis cannot be used, so the process cannot start; the message is one line for the user. */
public final class RedisUnavailableException extends Exception {

  private final boolean lasting;

  /** Gives the reason in one line, which names the server and the remedy. */
  public RedisUnavailableException(String message) {
    this(message, null);
  }

  /** As {@link #RedisUnavailableException(String)}, with the failure that caused it. */
  public RedisUnavailableException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  private RedisUnavailableException(String message, @Nullable Throwable cause, boolean lasting) {
    super(message, cause);
    this.lasting = lasting;
  }

  /** Redis cannot be used until its operator changes something, so waiting is useless. */
  public static RedisUnavailableException unfit(String message) {
    return new RedisUnavailableException(message, null, true);
  }

  /** Whether something must be fixed before another attempt can succeed. */
  public boolean lasting() {
    return lasting;
  }
}
