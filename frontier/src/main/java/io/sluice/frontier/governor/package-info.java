/**
 * The clocks of IP addresses, which all shards share. A shard requests a place at the last known
 * address of a host before it issues a lease; the fetcher requests one at the address that it
 * found. A host that gets no place waits in the address's queue and is called when its turn has
 * come.
 */
@NullMarked
package io.sluice.frontier.governor;

import org.jspecify.annotations.NullMarked;
