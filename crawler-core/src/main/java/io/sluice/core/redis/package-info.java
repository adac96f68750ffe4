/**
 * Connections to Redis, and the life of a command. It is submitted to the {@link
 * io.sluice.core.redis.RedisPool} and waits its turn there, for a bounded time; the pool's I/O
 * thread issues it on a shared connection that has room, or on a new one while there are fewer than
 * {@code redis.pool.max}. If a reply does not arrive in time, the connection is closed, and the
 * command fails with {@link io.sluice.core.redis.RedisLostException}: it is then unknown whether
 * the command was carried out. A part that blocks or publishes takes an {@linkplain
 * io.sluice.core.redis.ExclusiveConnection exclusive connection}. While Redis refuses commands, is
 * loading its data or cannot be reached, the condition watch probes it and notifies its listeners.
 */
@NullMarked
package io.sluice.core.redis;

import org.jspecify.annotations.NullMarked;
