package io.sluice.frontier.queue;

/**
 * An extent of a host's waiting URLs in a segment, as a checkpoint stores it. Immutable.
 *
 * @param classNumber their class, as {@link QueueClass} numbers it
 * @param segment the segment's number
 * @param offset where the first block begins in the segment
 * @param skip number of URLs from there on that have been taken
 * @param count number of URLs that are waiting after those
 */
public record ExtentName(int classNumber, long segment, long offset, int skip, int count) {}
