/** Shards without threads, in virtual time. */
@NullMarked
package io.sluice.frontier.shard;

import org.jspecify.annotations.NullMarked;
