package io.sluice.frontier.shard;

/** The stages of a lease in this process. */
enum LeaseStage {
  /** Being visited: it holds a connection of its host. */
  VISITING,
  /** Visited, its page not yet in Redis. */
  VISITED,
  /** A parser owes the outcome. */
  OUTSTANDING
}
