package io.sluice.core.redis;

/** How long a holder means to keep an exclusive connection. */
public enum Keeping {
  /** For the life of its part of the process: a blocking reader, the publisher. */
  FOR_LIFE,

  /** For a few commands. A WARN names a holder that keeps one for longer than the pool's bound. */
  BRIEFLY
}
