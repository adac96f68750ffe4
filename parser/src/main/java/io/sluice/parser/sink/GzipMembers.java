package io.sluice.parser.sink;

import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes gzip members (RFC 1952) with the JDK's deflater, which is reused for all of them. */
public final class GzipMembers extends Members {

  /** Magic number, deflate method, no flags, no time, no hints, unknown operating system. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  static final int HEADER_BYTES = HEADER.length;

  private static final byte[] NO_BYTES = {};

  private final SinkFile file;
  private final int level;
  private final Deflater deflater;
  private final CRC32 crc = new CRC32();
  private final byte[] out = new byte[16 << 10];
  private long plainBytes;
  private boolean open;

  /**
   * @param level compression level, 1 to 9
   */
  public GzipMembers(SinkFile file, int level) {
    this.file = file;
    this.level = level;
    this.deflater = new Deflater(level, true);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    begin();
    crc.update(bytes, from, length);
    plainBytes += length;
    deflater.setInput(bytes, from, length);
    while (!deflater.needsInput()) {
      drain();
    }
  }

  private void begin() throws IOException {
    if (!open) {
      file.write(HEADER, 0, HEADER.length);
      open = true;
    }
  }

  /** Stores the bytes uncompressed. */
  @Override
  public void writeStored(byte[] bytes) throws IOException {
    begin();
    switchTo(Deflater.NO_COMPRESSION);
    write(bytes, 0, bytes.length);
    switchTo(level);
  }

  /**
   * Changes the level. The deflater compresses its next input at the old level, so it is given
   * empty input first.
   */
  private void switchTo(int newLevel) throws IOException {
    deflater.setLevel(newLevel);
    deflater.setInput(NO_BYTES);
    int count;
    do {
      count = deflater.deflate(out, 0, out.length);
      file.write(out, 0, count);
    } while (count == out.length);
  }

  @Override
  public void endMember() throws IOException {
    if (!open) {
      return;
    }
    deflater.finish();
    while (!deflater.finished()) {
      drain();
    }
    byte[] trailer = new byte[8];
    putLittleEndian(trailer, 0, (int) crc.getValue());
    putLittleEndian(trailer, 4, (int) plainBytes);
    file.write(trailer, 0, trailer.length);
    forget();
  }

  @Override
  public void forget() {
    deflater.reset();
    crc.reset();
    plainBytes = 0;
    open = false;
  }

  private void drain() throws IOException {
    int count = deflater.deflate(out, 0, out.length);
    file.write(out, 0, count);
  }

  private static void putLittleEndian(byte[] into, int at, int value) {
    for (int i = 0; i < 4; i++) {
      into[at + i] = (byte) (value >> (8 * i));
    }
  }

  @Override
  public void close() {
    deflater.end();
  }
}
