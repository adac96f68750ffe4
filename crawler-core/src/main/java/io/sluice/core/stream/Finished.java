package io.sluice.core.stream;

import io.sluice.core.message.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A page or a record-only entry whose output is durable, to be committed. Immutable.
 *
 * @param entryId its id in the stream, from its {@link Delivery}
 * @param outcome what goes back to the fetcher; null for a record-only entry
 */
public record Finished(String entryId, @Nullable Outcome outcome) {}
