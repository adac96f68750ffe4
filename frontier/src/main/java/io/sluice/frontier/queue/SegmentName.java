package io.sluice.frontier.queue;

/**
 * A segment, as a checkpoint names it. Immutable.
 *
 * @param number the segment's number
 * @param urls URLs in it, taken ones included
 */
public record SegmentName(long number, long urls) {}
