package io.sluice.core.stream;

/**
 * The length up to which an output file of a slot holds committed records. Immutable.
 *
 * @param sink the sink: one lower-case word ({@code pages}, {@code warc})
 * @param file the file's name within the sink's directory
 * @param offset bytes, at the end of a compression member
 */
public record SinkOffset(String sink, String file, long offset) {
  public SinkOffset {
    if (offset < 0) {
      throw new IllegalArgumentException("an offset must be 0 or more, not " + offset);
    }
  }
}
