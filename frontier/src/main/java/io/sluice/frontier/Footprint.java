package io.sluice.frontier;

/**
 * Resource usage of the frontier's parts. Immutable.
 *
 * @param queueMemoryBytes memory of waiting URLs, including taken ones not yet freed
 * @param segments number of files of waiting URLs
 * @param seenMemoryBytes memory of the seen set
 * @param seenDiskBytes size of the seen set's runs
 * @param seenRuns number of the seen set's files
 * @param prefixes number of path prefixes whose URLs are counted
 */
public record Footprint(
    long queueMemoryBytes,
    long segments,
    long seenMemoryBytes,
    long seenDiskBytes,
    long seenRuns,
    long prefixes) {

  /** The sum of both. */
  public Footprint plus(Footprint other) {
    return new Footprint(
        queueMemoryBytes + other.queueMemoryBytes,
        segments + other.segments,
        seenMemoryBytes + other.seenMemoryBytes,
        seenDiskBytes + other.seenDiskBytes,
        seenRuns + other.seenRuns,
        prefixes + other.prefixes);
  }
}
