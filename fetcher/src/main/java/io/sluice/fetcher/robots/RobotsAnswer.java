package io.sluice.fetcher.robots;

import io.sluice.fetcher.http.HttpReply;

/** What asking for an origin's rules came to. */
public sealed interface RobotsAnswer {
  /** Whether the host was asked just now, and its delay has to pass before the next request. */
  boolean touchedHost();

  /** There are rules. */
  record Known(RobotsRules rules, boolean touchedHost) implements RobotsAnswer {}

  /** They cannot be read for now. */
  record Unreachable(boolean touchedHost) implements RobotsAnswer {}

  /**
   * The host cannot be asked for anything: its name does not resolve, its address is refused, it
   * accepts no connection.
   *
   * @param reply what came of asking for robots.txt
   */
  record HostFailed(HttpReply reply) implements RobotsAnswer {
    @Override
    public boolean touchedHost() {
      return reply.touchedHost();
    }
  }

  /** An address on the way may not be asked now. */
  record Busy(boolean touchedHost) implements RobotsAnswer {}

  /** The fetcher stops, and nobody waits any longer. */
  record Cancelled(boolean touchedHost) implements RobotsAnswer {}
}
