package io.sluice.fetcher.dns;

import io.sluice.fetcher.reason.Reason;
import java.net.InetAddress;
import java.util.List;

/** What came of looking a name up. */
public sealed interface LookUp {
  /**
   * The name has addresses.
   *
   * @param addresses at least one, the ones to try first in front
   */
  record Found(List<InetAddress> addresses) implements LookUp {
    public Found {
      addresses = List.copyOf(addresses);
    }
  }

  /** The system has no descriptor for a socket to ask by; later it may. */
  record NoSocket() implements LookUp {}

  /** The name has none, or nobody could tell. */
  record NotFound(Reason reason) implements LookUp {}
}
