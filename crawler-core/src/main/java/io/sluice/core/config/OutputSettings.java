package io.sluice.core.config;

import io.sluice.core.members.Compression;

/**
 * Which output files are written, and how. Immutable.
 *
 * @param jsonl whether pages are written to {@code output/pages}, as JSON lines
 * @param warc whether exchanges are written to {@code output/warc} (WARC 1.1)
 * @param rotateBytes length at which a file is sealed and the next one begun
 * @param compression how new files of both are compressed
 * @param compressionLevel the level of that compression; a higher one is slower and compresses more
 */
public record OutputSettings(
    boolean jsonl, boolean warc, long rotateBytes, Compression compression, int compressionLevel) {

  /**
   * The level for files that are gzip whatever {@link #compression} says, such as the crawl log.
   */
  public int gzipLevel() {
    return compression == Compression.GZIP ? compressionLevel : Compression.GZIP.defaultLevel();
  }
}
