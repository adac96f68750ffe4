package io.sluice.core.members;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads zstd frames (RFC 8878). The end of a frame is found from its blocks' headers, since the
 * library reads ahead. Owns native memory: close it. Confined to its reader's thread.
 */
final class ZstdDecoder implements MemberDecoder {

  /** The first two bytes of a frame, and the other two (3.1.1). */
  static final int MAGIC = 0xB528;

  private static final int MAGIC_END = 0xFD2F;

  private static final int SINGLE_SEGMENT = 1 << 5;
  private static final int CHECKSUM = 1 << 2;
  private static final int CHECKSUM_BYTES = 4;
  private static final int[] DICTIONARY_ID_BYTES = {0, 1, 2, 4};

  private static final int RLE = 1;
  private static final int RESERVED = 3;

  /** Logarithm of the largest window accepted, 8 MiB; Sluice writes no larger ones. */
  private static final int WINDOW_LOG_MAX = 23;

  private final FileWindow window;
  private @Nullable ZstdInputStreamNoFinalizer stream;
  private long end;
  private boolean ended = true;

  ZstdDecoder(FileWindow window) {
    this.window = window;
  }

  @Override
  public void begin() throws IOException {
    if ((window.take() | window.take() << 8) != MAGIC_END) {
      throw window.notAMember();
    }
    end = findEnd();
    window.seek(end - 1);
    window.take(); // fails if the file is too short
    window.seek(window.start());
    ended = false;
    InputStream frame = new Frame();
    if (stream == null) {
      stream = new ZstdInputStreamNoFinalizer(frame);
      stream.setLongMax(WINDOW_LOG_MAX);
    } else {
      stream.resetSession(frame);
    }
  }

  /** Where the frame ends (RFC 8878, 3.1.1); called once its magic number was read. */
  private long findEnd() throws IOException {
    int descriptor = window.take();
    boolean single = (descriptor & SINGLE_SEGMENT) != 0;
    int sizeFlag = descriptor >> 6;
    int contentSize = sizeFlag == 0 ? (single ? 1 : 0) : 1 << sizeFlag;
    window.skip((single ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3] + contentSize);
    boolean last;
    do {
      int header = window.take() | window.take() << 8 | window.take() << 16;
      last = (header & 1) != 0;
      int type = header >> 1 & 3;
      if (type == RESERVED) {
        throw window.damaged();
      }
      window.skip(type == RLE ? 1 : header >> 3);
    } while (!last);
    return window.position() + ((descriptor & CHECKSUM) == 0 ? 0 : CHECKSUM_BYTES);
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    if (ended || stream == null) {
      return -1;
    }
    try {
      int read = stream.read(into, from, count);
      if (read < 0) {
        ended = true;
        window.seek(end);
      }
      return read;
    } catch (ZstdIOException e) {
      ZipException damaged = window.damaged();
      damaged.initCause(e);
      throw damaged;
    }
  }

  @Override
  public void close() throws IOException {
    if (stream != null) {
      stream.close();
    }
  }

  /** The frame's bytes, from the window. */
  private final class Frame extends InputStream {

    @Override
    public int read() throws IOException {
      return window.position() < end ? window.take() : -1;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      long left = end - window.position();
      return left <= 0 ? -1 : window.take(into, from, (int) Math.min(count, left));
    }
  }
}
