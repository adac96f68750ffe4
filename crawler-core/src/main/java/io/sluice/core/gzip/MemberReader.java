package io.sluice.core.gzip;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.OwnedFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads a file of gzip members and tells where each begins and ends. Owns its file and native
 * memory: close it. Confined to one thread.
 */
public final class MemberReader implements AutoCloseable {

  private static final int BUFFER_BYTES = 64 << 10;
  private static final int FLAG_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;

  private final Path file;
  private final OwnedFile owned;
  private final FileChannel channel;
  private final long size;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long bufferStart;
  private int position;
  private int limit;
  private long start;
  private long plainBytes;
  private boolean ended = true;

  private MemberReader(Path file, OwnedFile owned) throws IOException {
    this.file = file;
    this.owned = owned;
    this.channel = owned.channel();
    this.size = channel.size();
  }

  /**
   * Opens a file; it is not written to.
   *
   * @param files who enters it in the ledger
   */
  public static MemberReader open(Path file, BriefFiles files) throws IOException {
    OwnedFile owned =
        OwnedFile.open(files.enter(file), () -> FileChannel.open(file, StandardOpenOption.READ));
    try {
      return new MemberReader(file, owned);
    } catch (IOException | RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  /** The file's length when it was opened. */
  public long size() {
    return size;
  }

  /**
   * Begins the next member, passing over what was not read of the one before.
   *
   * @return false behind the last
   * @throws IOException if it is none, or the file ends within it
   */
  public boolean next() throws IOException {
    finish();
    return begin(place());
  }

  /** Passes over what was not read of the member. */
  public void finish() throws IOException {
    byte[] passed = ended ? new byte[0] : new byte[8 << 10];
    while (!ended) {
      read(passed, 0, passed.length);
    }
  }

  /** Begins the member that was begun last once more. */
  public void again() throws IOException {
    begin(start);
  }

  /** Where the member begins in the file. */
  public long start() {
    return start;
  }

  /** Where the member ends, once it was {@linkplain #finish finished}. */
  public long end() {
    return place();
  }

  private long place() {
    return bufferStart + position;
  }

  private boolean begin(long at) throws IOException {
    bufferStart = at;
    position = 0;
    limit = 0;
    start = at;
    if (at >= size) {
      return false;
    }
    if (take() != 0x1f || take() != 0x8b || take() != 8) {
      throw new IOException(file + ": no gzip member begins at byte " + at);
    }
    int flags = take();
    skip(6);
    skipOptional(flags);
    inflater.reset();
    crc.reset();
    plainBytes = 0;
    ended = false;
    return true;
  }

  private void skipOptional(int flags) throws IOException {
    if ((flags & FLAG_EXTRA) != 0) {
      skip(take() | take() << 8);
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & FLAG_CRC) != 0) {
      skip(2);
    }
  }

  /**
   * Reads what the member holds; -1 at its end.
   *
   * @throws IOException if it is damaged or the file ends within it
   */
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
          position = limit - inflater.getRemaining();
          checkTrailer();
          ended = true;
          return -1;
        }
        feed();
      }
    } catch (DataFormatException e) {
      throw new IOException(file + ": damaged in the member at byte " + start, e);
    }
  }

  private void feed() throws IOException {
    if (!inflater.needsInput()) {
      throw new IOException(file + ": damaged in the member at byte " + start);
    }
    if (position == limit) {
      fill();
    }
    inflater.setInput(buffer, position, limit - position);
    position = limit;
  }

  private void checkTrailer() throws IOException {
    if (takeInt() != (int) crc.getValue() || takeInt() != (int) plainBytes) {
      throw new IOException(file + ": damaged in the member at byte " + start);
    }
  }

  private int takeInt() throws IOException {
    return take() | take() << 8 | take() << 16 | take() << 24;
  }

  private void skipText() throws IOException {
    int next;
    do {
      next = take();
    } while (next != 0);
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      take();
    }
  }

  private int take() throws IOException {
    if (position == limit) {
      fill();
    }
    return buffer[position++] & 0xFF;
  }

  private void fill() throws IOException {
    bufferStart += limit;
    position = 0;
    limit = Math.max(0, channel.read(ByteBuffer.wrap(buffer), bufferStart));
    if (limit == 0) {
      throw new EOFException(file + ": ends within the member at byte " + start);
    }
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    owned.close();
  }
}
