/**
 * Both ends of the partition's streams in the fetcher process (docs/handover.md): pages are
 * published through the {@link io.sluice.fetcher.handover.PagePublisher}; outcomes are read,
 * settled at the frontier's desk, and deleted once the settlement is journaled.
 */
@NullMarked
package io.sluice.fetcher.handover;

import org.jspecify.annotations.NullMarked;
