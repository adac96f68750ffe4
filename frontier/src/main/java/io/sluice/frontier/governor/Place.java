package io.sluice.frontier.governor;

/** The answer to a shard's request for a place at an address. */
public sealed interface Place {

  /**
   * A visit is reserved for the host.
   *
   * @param fromNanos when it may begin (monotonic), possibly in the past
   */
  record Yours(long fromNanos) implements Place {}

  /** The host waits in the address's queue; the shard is woken when the host is next. */
  record Queued() implements Place {}

  /**
   * The governor has no room for another address, and the host was not queued.
   *
   * @param atNanos when to ask again (monotonic)
   */
  record AskAgain(long atNanos) implements Place {}
}
