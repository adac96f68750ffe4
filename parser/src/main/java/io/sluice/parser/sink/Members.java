package io.sluice.parser.sink;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Compresses what is written to it into members of a sink file: gzip members or zstd frames. A
 * member begins with its first byte and ends with {@link #endMember}; a file can be cut between two
 * members, and each can be read alone. Owns native memory: close it; borrows its file. Confined to
 * its worker's thread.
 */
public abstract class Members extends OutputStream {

  @Override
  public final void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public abstract void write(byte[] bytes, int from, int length) throws IOException;

  /** Writes bytes that cannot be compressed further, such as an encoded body. */
  public void writeStored(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  /** Whether the member should be ended at the next opportunity. */
  public boolean isFull() {
    return false;
  }

  /** Ends the open member, if there is one. */
  public abstract void endMember() throws IOException;

  /** Drops the open member; the caller cuts the file. */
  public abstract void forget();

  /** Frees native memory; an open member is not ended. */
  @Override
  public abstract void close();
}
