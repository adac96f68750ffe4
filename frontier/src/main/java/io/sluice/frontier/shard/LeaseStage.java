package io.sluice.frontier.shard;

/** The stages of a lease in this process. */
enum LeaseStage {
  /** The URL is being visited, which occupies one of its host's connections. */
  VISITING,
  /** The visit is over, and its page is not yet in Redis. */
  VISITED,
  /** Waiting for a parser's outcome. */
  OUTSTANDING
}
