package io.sluice.core.members;

/** How output files are compressed. Each file uses one format, which its name shows. */
public enum Compression {
  /** Gzip members (RFC 1952). */
  GZIP("gzip", ".gz", 9, 2),
  /**
   * Zstandard frames (RFC 8878). Higher levels have windows of more than 8 MiB, which readers, ours
   * included, refuse (RFC 9659).
   */
  ZSTD("zstd", ".zst", 19, 3);

  private static final long MIB = 1 << 20;

  private final String word;
  private final String suffix;
  private final int maxLevel;
  private final int defaultLevel;

  Compression(String word, String suffix, int maxLevel, int defaultLevel) {
    this.word = word;
    this.suffix = suffix;
    this.maxLevel = maxLevel;
    this.defaultLevel = defaultLevel;
  }

  /** The format's name in the configuration and in metrics. */
  public String word() {
    return word;
  }

  /** The suffix of its files' names. */
  public String suffix() {
    return suffix;
  }

  /** The highest level; the lowest is 1. */
  public int maxLevel() {
    return maxLevel;
  }

  /** The level that is used if none is configured. */
  public int defaultLevel() {
    return defaultLevel;
  }

  /** Approximate maximum of the native memory for one file that is being written, in bytes. */
  public long nativeBytes(int level) {
    if (this == GZIP) {
      return 2 * MIB;
    }
    return level <= 5 ? 8 * MIB : level <= 12 ? 48 * MIB : 96 * MIB; // the window and its tables
  }
}
