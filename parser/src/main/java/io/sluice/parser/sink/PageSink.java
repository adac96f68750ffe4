package io.sluice.parser.sink;

import io.sluice.core.members.Compression;
import io.sluice.core.message.RecordOnly;
import java.io.IOException;

/**
 * Records pages in one file. Records between two calls of {@link #endBatch} belong together: they
 * are committed or dropped as a unit. Confined to its worker's thread.
 */
public interface PageSink extends AutoCloseable {

  /** Writes the file's header; called once before the first page and again after a cut to 0. */
  void begin() throws IOException;

  /** Appends a page's record. */
  void append(ParsedPage page) throws IOException;

  /**
   * Appends an exchange that is archived but not parsed; a sink that only records pages ignores it.
   */
  void append(RecordOnly entry) throws IOException;

  /** Ends the compression member, so that the file may be cut here later. */
  void endBatch() throws IOException;

  /** Drops the records appended since the last {@link #endBatch}; the caller cuts the file. */
  void forgetBatch();

  /** Frees the sink's resources; the file belongs to the caller. */
  @Override
  void close();

  /** Makes a sink for a new file. */
  interface Factory {

    /** The kind of sink that it makes. */
    SinkKind kind();

    /** The compression of its files. */
    Compression compression();

    /**
     * Makes a sink that writes to {@code file} and borrows it.
     *
     * @param name the name of the file once it is sealed
     */
    PageSink open(SinkFile file, String name);
  }
}
