package io.sluice.parser.sink;

import java.io.IOException;

/**
 * Records pages in one file. Records between two {@link #endBatch} belong together: they are
 * committed or forgotten as one. Confined to its worker's thread.
 */
public interface PageSink extends AutoCloseable {

  /**
   * Writes what a file begins with; called once before the first page and again after a cut to 0.
   */
  void begin() throws IOException;

  /** Appends a page's record. */
  void append(ParsedPage page) throws IOException;

  /** Ends the compression member, so that the file may be cut here later. */
  void endBatch() throws IOException;

  /** Forgets what was appended since the last {@link #endBatch}; the caller cuts the file. */
  void forgetBatch();

  /** Frees what the sink holds; the file is the caller's. */
  @Override
  void close();

  /** Makes a sink for a new file. */
  interface Factory {

    /** What kind of sink. */
    SinkKind kind();

    /**
     * Makes a sink that writes to {@code file} and borrows it.
     *
     * @param name what the file will be called when it is sealed
     */
    PageSink open(SinkFile file, String name);
  }
}
