package io.sluice.core.members;

import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/** Reads gzip members (RFC 1952). Owns native memory: close it. Confined to its reader's thread. */
final class GzipDecoder implements MemberDecoder {

  /** The first two bytes of a member, the first one lowest; the third is always 8, for deflate. */
  static final int MAGIC = 0x8b1f;

  private static final int DEFLATE = 8;
  private static final int FLAG_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;

  private final FileWindow window;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private long plainBytes;
  private boolean ended = true;

  GzipDecoder(FileWindow window) {
    this.window = window;
  }

  @Override
  public void begin() throws IOException {
    if (window.take() != DEFLATE) {
      throw window.notAMember();
    }
    int flags = window.take();
    window.skip(6);
    skipOptional(flags);
    inflater.reset();
    crc.reset();
    plainBytes = 0;
    ended = false;
  }

  private void skipOptional(int flags) throws IOException {
    if ((flags & FLAG_EXTRA) != 0) {
      window.skip(window.take() | window.take() << 8);
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & FLAG_CRC) != 0) {
      window.skip(2);
    }
  }

  private void skipText() throws IOException {
    int next;
    do {
      next = window.take();
    } while (next != 0);
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    if (ended) {
      return -1;
    }
    try {
      while (true) {
        int read = inflater.inflate(into, from, count);
        if (read > 0) {
          crc.update(into, from, read);
          plainBytes += read;
          return read;
        }
        if (inflater.finished()) {
          window.giveBack(inflater.getRemaining());
          checkTrailer();
          ended = true;
          return -1;
        }
        if (!inflater.needsInput()) {
          throw window.damaged();
        }
        inflater.setInput(window.takeBuffered());
      }
    } catch (DataFormatException e) {
      ZipException damaged = window.damaged();
      damaged.initCause(e);
      throw damaged;
    }
  }

  private void checkTrailer() throws IOException {
    if (window.takeInt() != (int) crc.getValue() || window.takeInt() != (int) plainBytes) {
      throw window.damaged();
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
