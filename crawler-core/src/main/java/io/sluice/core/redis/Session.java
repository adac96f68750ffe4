package io.sluice.core.redis;

/**
 * What a consumer's knowledge of Redis rests upon. When it differs from the former one, Redis lost
 * data (the epoch changed) or may have lost the last second of it (its process changed): a worker
 * then cuts its files to the recorded offsets before it goes on. Immutable.
 *
 * @param epoch the partition's epoch
 * @param runId the id of the redis-server process
 */
public record Session(String epoch, String runId) {}
