package io.sluice.core.stream;

import io.sluice.core.message.Published;

/**
 * A page, or a record-only entry, delivered to one consumer. Immutable.
 *
 * @param entryId its id in the stream
 * @param content what was published
 */
public record Delivery(String entryId, Published content) {}
