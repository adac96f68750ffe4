/** File-backed shards: host queues, seen set, politeness, leases, recovery. */
@NullMarked
package io.sluice.frontier;

import org.jspecify.annotations.NullMarked;
