package io.sluice.core.redis;

import io.sluice.core.message.Outcome;

/**
 * A page whose output is durable, to be committed. Immutable.
 *
 * @param entryId the page's id in the stream, from its {@link Delivery}
 * @param outcome what goes back to the fetcher
 */
public record Finished(String entryId, Outcome outcome) {}
