/**
 * From a host's name to its addresses. Each event loop has a resolver of its own, with a bounded
 * cache; each look-up that reaches the network has a socket of its own, and with it a source port
 * that nobody can guess (RFC 5452, 9.2).
 */
@NullMarked
package io.sluice.fetcher.dns;

import org.jspecify.annotations.NullMarked;
