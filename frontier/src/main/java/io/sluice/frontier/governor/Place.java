package io.sluice.frontier.governor;

/** What a shard hears that asks for a place at an address. */
public sealed interface Place {

  /**
   * A visit is kept for the host that asked.
   *
   * @param fromNanos when it may begin (monotonic); it may have passed
   */
  record Yours(long fromNanos) implements Place {}

  /** The host waits in the address's line; the shard is woken when the host's turn has come. */
  record InLine() implements Place {}

  /**
   * The governor knows as many addresses as it can: nothing was noted.
   *
   * @param atNanos when to ask again (monotonic)
   */
  record AskAgain(long atNanos) implements Place {}
}
