package io.sluice.frontier.queue;

/**
 * A segment, as a checkpoint names it. Immutable.
 *
 * @param number identifies the segment in its shard, from 1
 * @param urls number of URLs in it, including taken ones
 */
public record SegmentName(long number, long urls) {}
