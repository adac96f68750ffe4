/**
 * The embedded server, and its life. {@link io.sluice.core.redis.server.EmbeddedRedis} unpacks the
 * binary, ends a server that a killed run left on the same files, and starts redis-server on a Unix
 * socket with a short path. A guard process that holds the other end of a pipe ends the server when
 * Sluice dies. On shutdown the server saves its data and exits, and its socket is removed.
 */
@NullMarked
package io.sluice.core.redis.server;

import org.jspecify.annotations.NullMarked;
