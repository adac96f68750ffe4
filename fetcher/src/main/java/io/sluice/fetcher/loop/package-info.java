/**
 * The event loops that everything in the fetcher is confined to, and the sweep that keeps their
 * deadlines. A host's name decides its loop for all of its connections.
 */
@NullMarked
package io.sluice.fetcher.loop;

import org.jspecify.annotations.NullMarked;
