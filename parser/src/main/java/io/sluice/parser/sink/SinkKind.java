package io.sluice.parser.sink;

import io.sluice.core.members.Compression;
import org.jspecify.annotations.Nullable;

/** The kinds of output. */
public enum SinkKind {
  /** Pages as JSON lines. */
  PAGES("pages", ".jsonl"),
  /** Exchanges as WARC records. */
  WARC("warc", ".warc");

  private final String word;
  private final String suffix;

  SinkKind(String word, String suffix) {
    this.word = word;
    this.suffix = suffix;
  }

  /** The kind as Redis records it; also the directory below {@code output/} for sealed files. */
  public String word() {
    return word;
  }

  /** The suffix of its files' names: {@code .jsonl.gz}. */
  public String suffix(Compression compression) {
    return suffix + compression.suffix();
  }

  /**
   * The compression of a complete file of this kind, by its name; null if it is not such a file.
   */
  public @Nullable Compression compressionOf(String name) {
    for (Compression compression : Compression.values()) {
      if (name.endsWith(suffix(compression))) {
        return compression;
      }
    }
    return null;
  }

  /** Whether {@code name} is the name of a complete file of this kind. */
  public boolean names(String name) {
    return compressionOf(name) != null;
  }
}
