package io.sluice.frontier.shard;

import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import java.time.Duration;

/**
 * A URL that waits to be visited again. The wait is counted anew after a restart: never early.
 *
 * @param sequence the lease that failed; names the retry
 * @param after how long to wait from the failure
 */
record WaitingRetry(long sequence, HostQueue host, PackedUrl url, Duration after) {}
