package io.sluice.core.redis;

/** For how long a holder means to keep a connection of its own. */
enum Keeping {
  /** For the life of its part of the process: a blocking reader, the publisher. */
  FOR_LIFE,

  /** For some commands. Who keeps one for longer than the pool's bound is named by a WARN. */
  BRIEFLY
}
