package io.sluice.core.stream;

import io.sluice.core.lease.CrawlIdentity;

/**
 * The state of Redis that a consumer relies on. If a session differs from the previous one, Redis
 * has lost data (the epoch changed) or may have lost the last second of it (its process changed):
 * then a worker cuts its files to the recorded offsets before it continues. Immutable.
 *
 * @param epoch the partition's epoch
 * @param runId the id of the redis-server process
 * @param crawl the identity of the crawl that owns the partition
 */
public record Session(String epoch, String runId, CrawlIdentity crawl) {}
