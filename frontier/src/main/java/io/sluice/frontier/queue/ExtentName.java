package io.sluice.frontier.queue;

/**
 * Where URLs of a host wait in a segment, as a checkpoint keeps it. Immutable.
 *
 * @param priority their class
 * @param segment the segment's number
 * @param offset where a block of it begins
 * @param skip URLs from there on that were taken
 * @param count URLs that wait behind those
 */
public record ExtentName(int priority, long segment, long offset, int skip, int count) {}
