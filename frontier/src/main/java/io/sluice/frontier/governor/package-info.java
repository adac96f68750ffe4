/**
 * What spans the shards: the clocks of IP addresses. A shard asks for a place at the last known
 * address of a host before it issues a lease; the fetcher asks for the address that it found. Who
 * gets none waits in the address's line and is called when its turn has come.
 */
@NullMarked
package io.sluice.frontier.governor;

import org.jspecify.annotations.NullMarked;
