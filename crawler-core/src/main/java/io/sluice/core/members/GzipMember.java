package io.sluice.core.members;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Writes one gzip member (RFC 1952) at the end of a stream, which is borrowed. Owns native memory:
 * {@link #close} ends the member, {@link #abandon} leaves it as it is. Confined to one thread.
 */
public final class GzipMember extends GZIPOutputStream {

  private static final int BUFFER_BYTES = 8 << 10;

  private long length;
  private boolean over;

  /**
   * @param to borrowed
   * @param level compression level, 1 to 9
   * @throws IOException if the member's header cannot be written
   */
  public GzipMember(OutputStream to, int level) throws IOException {
    super(to, BUFFER_BYTES);
    def.setLevel(level);
  }

  /** Bytes written to the member, before compression. */
  public long length() {
    return length;
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int count) throws IOException {
    length += count;
    super.write(bytes, from, count);
  }

  /** Ends the member; the stream stays open. Idempotent. */
  @Override
  public void close() throws IOException {
    if (!over) {
      try {
        finish();
      } finally {
        abandon();
      }
    }
  }

  /** Frees the compressor without ending the member. Idempotent. */
  public void abandon() {
    over = true;
    def.end();
  }
}
