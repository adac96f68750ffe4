/**
 * From a host's name to its addresses. Each event loop has a resolver of its own with a bounded
 * cache. Each lookup that reaches the network has its own socket, and hence an unpredictable source
 * port (RFC 5452, 9.2).
 */
@NullMarked
package io.sluice.fetcher.dns;

import org.jspecify.annotations.NullMarked;
