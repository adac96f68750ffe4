package io.sluice.frontier.queue;

/**
 * A segment, as a checkpoint names it. Immutable.
 *
 * @param number the segment's number
 * @param urls number of URLs in it, including taken ones
 */
public record SegmentName(long number, long urls) {}
