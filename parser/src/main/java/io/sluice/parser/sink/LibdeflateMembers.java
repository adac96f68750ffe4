package io.sluice.parser.sink;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Writes gzip members with libdeflate, which needs a member's plain bytes as a whole, so they are
 * collected in native memory. A member with more than {@value #MOST_BYTES} of them, which only a
 * very long line causes, is written with the JDK's deflater.
 */
final class LibdeflateMembers extends Members {

  /** Number of plain bytes after which a member should end. */
  private static final int ENOUGH_BYTES = 192 << 10;

  /** Maximum number of plain bytes of a member. */
  private static final int MOST_BYTES = 512 << 10;

  private final SinkFile file;
  private final GzipMembers longMembers;
  private final Ledger.Entry entry;
  private final Arena arena = Arena.ofShared();
  private final Libdeflate.Handle compressor;
  private final MemorySegment in;
  private final MemorySegment out;
  private final byte[] written = new byte[16 << 10];
  private int plainBytes;
  private boolean open;
  private boolean isLong;

  /**
   * @param level compression level, 1 to 9
   */
  LibdeflateMembers(SinkFile file, int level, Libdeflate library, Ledger ledger) {
    this.file = file;
    this.compressor = library.compressor(level);
    try {
      this.in = arena.allocate(MOST_BYTES);
      this.out = arena.allocate(compressor.bound(MOST_BYTES));
      this.longMembers = new GzipMembers(file, level);
      this.entry = ledger.enter(ResourceKind.BUFFER, "parser.libdeflate");
    } catch (RuntimeException | Error e) { // out of native memory
      compressor.close();
      arena.close();
      throw e;
    }
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    open = true;
    if (!isLong && length > MOST_BYTES - plainBytes) {
      isLong = true;
      for (int at = 0; at < plainBytes; at += written.length) {
        int count = Math.min(written.length, plainBytes - at);
        MemorySegment.copy(in, ValueLayout.JAVA_BYTE, at, written, 0, count);
        longMembers.write(written, 0, count);
      }
    }
    if (isLong) {
      longMembers.write(bytes, from, length);
    } else {
      MemorySegment.copy(bytes, from, in, ValueLayout.JAVA_BYTE, plainBytes, length);
      plainBytes += length;
    }
  }

  @Override
  public boolean isFull() {
    return isLong || plainBytes >= ENOUGH_BYTES;
  }

  @Override
  public void endMember() throws IOException {
    if (!open) {
      return;
    }
    if (isLong) {
      longMembers.endMember();
    } else {
      int length = compressor.compress(in, plainBytes, out);
      for (int at = 0; at < length; at += written.length) {
        int count = Math.min(written.length, length - at);
        MemorySegment.copy(out, ValueLayout.JAVA_BYTE, at, written, 0, count);
        file.write(written, 0, count);
      }
    }
    clear();
  }

  @Override
  public void forget() {
    longMembers.forget();
    clear();
  }

  private void clear() {
    plainBytes = 0;
    open = false;
    isLong = false;
  }

  @Override
  public void close() {
    try (entry;
        arena;
        compressor) {
      longMembers.close();
    }
  }
}
