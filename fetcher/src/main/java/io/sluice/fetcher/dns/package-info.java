/**
 * From a host's name to its addresses. Each event loop has a {@link
 * io.sluice.fetcher.dns.NameResolver} of its own with a bounded cache. Lookups share two UDP
 * sockets, which are replaced before their source ports can become known ({@link
 * io.sluice.fetcher.dns.RotatingResolver}; RFC 5452, 9.2).
 */
@NullMarked
package io.sluice.fetcher.dns;

import org.jspecify.annotations.NullMarked;
