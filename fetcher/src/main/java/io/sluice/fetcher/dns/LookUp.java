package io.sluice.fetcher.dns;

import io.sluice.core.lease.Reason;
import java.net.InetAddress;
import java.util.List;

/** The result of looking a name up. */
public sealed interface LookUp {
  /**
   * The name has addresses.
   *
   * @param addresses at least one, preferred ones first
   */
  record Found(List<InetAddress> addresses) implements LookUp {
    public Found {
      addresses = List.copyOf(addresses);
    }
  }

  /** The system had no descriptor for the query's socket; it may have one later. */
  record NoSocket() implements LookUp {}

  /** The lookup's time ran out while it was queued, so no name server was queried. */
  record NotAsked() implements LookUp {}

  /** The name has no address, or no name server answered. */
  record NotFound(Reason reason) implements LookUp {}
}
