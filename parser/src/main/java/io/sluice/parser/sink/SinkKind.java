package io.sluice.parser.sink;

import org.jspecify.annotations.Nullable;

/** The outputs that there are. */
public enum SinkKind {
  /** Pages as JSON lines. */
  PAGES("pages", ".jsonl.gz"),
  /** Exchanges as WARC records. */
  WARC("warc", ".warc.gz");

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

  /** How its files' names end. */
  public String suffix() {
    return suffix;
  }

  /** The kind whose files are named so; null where there is none. */
  public static @Nullable SinkKind ofFile(String name) {
    for (SinkKind kind : values()) {
      if (name.endsWith(kind.suffix)) {
        return kind;
      }
    }
    return null;
  }
}
