/** Checks, repairs and retries of a single shard's files. */
@NullMarked
package io.sluice.frontier.repair;

import org.jspecify.annotations.NullMarked;
