/**
 * Both ends of the partition's streams in the fetcher process (docs/handover.md): pages leave
 * through the {@link io.sluice.fetcher.handover.PagePublisher}; outcomes come back, are settled at
 * the frontier's desk, and are deleted once that is journaled.
 */
@NullMarked
package io.sluice.fetcher.handover;

import org.jspecify.annotations.NullMarked;
