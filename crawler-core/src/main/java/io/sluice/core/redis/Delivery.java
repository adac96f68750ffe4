package io.sluice.core.redis;

import io.sluice.core.message.Page;

/**
 * A page lent to one consumer. Immutable.
 *
 * @param entryId the page's id in the stream
 * @param page the page
 */
public record Delivery(String entryId, Page page) {}
