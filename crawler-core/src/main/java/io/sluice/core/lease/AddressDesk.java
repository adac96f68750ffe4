package io.sluice.core.lease;

import java.net.InetAddress;

/**
 * Decides whether an IP address may be contacted now: the fetcher's view of the frontier. A shard
 * knows the address of a host only after its first visit, and a name's addresses change, so the
 * fetcher asks here once it knows the address, before it sends a request there. Requests count, not
 * connections: if several addresses of a host race (RFC 8305), permission is requested for the one
 * that has connected, and the others are closed. Thread-safe; answers at once.
 */
@FunctionalInterface
public interface AddressDesk {

  /** No address is limited. */
  AddressDesk UNLIMITED = (_, _) -> true;

  /**
   * Whether the visit of a lease may send a request to an address now. If it may not, the visit
   * ends without a request and its lease is given back: the frontier knows the address, and issues
   * the URL again when the address is free. An admitted address belongs to the visit until the
   * visit is over.
   */
  boolean admit(LeaseId lease, InetAddress address);
}
