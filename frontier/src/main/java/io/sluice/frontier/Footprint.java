package io.sluice.frontier;

/**
 * What the frontier's parts take up. Immutable.
 *
 * @param queueMemoryBytes of URLs that wait in memory, taken ones not yet freed included
 * @param segments files of URLs that wait on disk
 * @param seenMemoryBytes of the seen set
 * @param seenDiskBytes of the seen set's runs
 * @param seenRuns files of the seen set
 * @param prefixes path prefixes whose URLs are counted
 */
public record Footprint(
    long queueMemoryBytes,
    long segments,
    long seenMemoryBytes,
    long seenDiskBytes,
    long seenRuns,
    long prefixes) {

  /** Of nothing. */
  public static final Footprint NONE = new Footprint(0, 0, 0, 0, 0, 0);

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
