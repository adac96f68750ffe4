package io.sluice.core.lease;

import java.net.InetAddress;

/**
 * Who says whether an IP address may be asked now: the frontier, as the fetcher sees it. A shard
 * knows the address of a host only once it was visited, and a name's addresses change; so the
 * fetcher asks when it knows the address and before anything is sent there. Thread-safe; answers at
 * once.
 */
@FunctionalInterface
public interface AddressDesk {

  /** No address is limited. */
  AddressDesk UNLIMITED = (_, _) -> true;

  /**
   * Whether the visit of a lease may ask an address now. Where it may not, the visit ends without a
   * request and its lease is given back: the frontier knows which address it was, and issues the
   * URL again when the address is free. Until the visit is over an address once admitted is the
   * visit's.
   */
  boolean admit(LeaseId lease, InetAddress address);
}
