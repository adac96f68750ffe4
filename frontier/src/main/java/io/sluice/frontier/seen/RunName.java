package io.sluice.frontier.seen;

/**
 * What a checkpoint says of a run. Immutable.
 *
 * @param number of its file's name, from 1; never given twice within a directory
 * @param count how many fingerprints it holds, at least one
 */
public record RunName(long number, long count) {}
