package io.sluice.core.members;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.ZipException;

/**
 * A buffered reader of a file that can seek. Borrows its channel. Confined to its reader's thread.
 */
final class FileWindow {

  private static final int BUFFER_BYTES = 64 << 10;

  private final Path file;
  private final FileChannel channel;
  private final long size;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long bufferStart;
  private int position;
  private int limit;

  /** The start of the member that is being read, for error messages. */
  private long start;

  FileWindow(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.size = channel.size();
  }

  /** The file's length when it was opened. */
  long size() {
    return size;
  }

  /** The position of the next byte. */
  long position() {
    return bufferStart + position;
  }

  /** The start of the member that is being read. */
  long start() {
    return start;
  }

  /** Moves to a position without reading. */
  void seek(long at) {
    if (at >= bufferStart && at <= bufferStart + limit) {
      position = (int) (at - bufferStart);
      return;
    }
    bufferStart = at;
    position = 0;
    limit = 0;
  }

  /** Moves to the start of a member. */
  void begin(long at) {
    seek(at);
    start = at;
  }

  /**
   * The next byte.
   *
   * @throws EOFException at the end of the file
   */
  int take() throws IOException {
    fillIfEmpty();
    return buffer[position++] & 0xFF;
  }

  /** The next four bytes, the lowest first. */
  int takeInt() throws IOException {
    return take() | take() << 8 | take() << 16 | take() << 24;
  }

  /**
   * Skips bytes.
   *
   * @throws EOFException if the file ends before them
   */
  void skip(long count) throws IOException {
    if (count > size - position()) {
      throw ended();
    }
    seek(position() + count);
  }

  /** Takes a number of bytes, at least one and at most {@code count}. */
  int take(byte[] into, int from, int count) throws IOException {
    fillIfEmpty();
    int taken = Math.min(count, limit - position);
    System.arraycopy(buffer, position, into, from, taken);
    position += taken;
    return taken;
  }

  /** Takes everything that is buffered, at least one byte. */
  ByteBuffer takeBuffered() throws IOException {
    fillIfEmpty();
    ByteBuffer taken = ByteBuffer.wrap(buffer, position, limit - position);
    position = limit;
    return taken;
  }

  /** Puts back bytes from {@link #takeBuffered} that were not used. */
  void giveBack(int count) {
    position -= count;
  }

  private void fillIfEmpty() throws IOException {
    if (position < limit) {
      return;
    }
    bufferStart += limit;
    position = 0;
    limit = Math.max(0, channel.read(ByteBuffer.wrap(buffer), bufferStart));
    if (limit == 0) {
      throw ended();
    }
  }

  private EOFException ended() {
    return new EOFException(file + ": ends within the member at byte " + start);
  }

  ZipException damaged() {
    return new ZipException(file + ": damaged in the member at byte " + start);
  }

  ZipException notAMember() {
    return new ZipException(file + ": no gzip member or zstd frame begins at byte " + start);
  }
}
