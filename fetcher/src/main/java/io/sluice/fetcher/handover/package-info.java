/**
 * Both ends of the partition's streams in the fetcher process: pages leave by the {@link
 * io.sluice.fetcher.handover.PageSink}, outcomes come back, are settled at the frontier's desk and
 * deleted once journaled.
 */
@NullMarked
package io.sluice.fetcher.handover;

import org.jspecify.annotations.NullMarked;
