/** A shard's state and its files, without the shard. */
@NullMarked
package io.sluice.frontier.state;

import org.jspecify.annotations.NullMarked;
