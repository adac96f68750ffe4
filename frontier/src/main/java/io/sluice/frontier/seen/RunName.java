package io.sluice.frontier.seen;

/**
 * A run, as a checkpoint names it. Immutable.
 *
 * @param number the number in its file's name, from 1; never reused within a directory
 * @param count number of its fingerprints, at least one
 */
public record RunName(long number, long count) {}
