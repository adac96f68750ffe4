package io.sluice.core.redis;

import org.jspecify.annotations.Nullable;

/** Redis cannot be used, so the process cannot start; the message is one line for the user. */
public final class RedisUnavailableException extends Exception {

  private final boolean lasting;

  /** Says why in one line, which names the server and the remedy. */
  public RedisUnavailableException(String message) {
    this(message, null);
  }

  RedisUnavailableException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  private RedisUnavailableException(String message, @Nullable Throwable cause, boolean lasting) {
    super(message, cause);
    this.lasting = lasting;
  }

  /** It will not do before somebody changes it: there is no sense in waiting. */
  static RedisUnavailableException unfit(String message) {
    return new RedisUnavailableException(message, null, true);
  }

  /** Whether somebody must mend something before another attempt may succeed. */
  public boolean lasting() {
    return lasting;
  }
}
