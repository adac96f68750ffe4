package io.sluice.parser.sink;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes gzip members (RFC 1952) to a sink file. A member begins with its first byte and ends by
 * {@link #endMember}. The deflater is reused for all of them. Owns native memory: close it; borrows
 * its file. Confined to its worker's thread.
 */
public final class GzipMembers extends OutputStream {

  /** Magic, deflate, no flags, no time, no hints, unknown system. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

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
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
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

  /** Writes bytes that compress no further, such as compressed ones: they are stored. */
  public void writeStored(byte[] bytes) throws IOException {
    begin();
    switchTo(Deflater.NO_COMPRESSION);
    write(bytes, 0, bytes.length);
    switchTo(level);
  }

  /**
   * Changes the level. The deflater would compress its next input at the former one: it gets none.
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

  /** Ends the member; without one nothing happens. */
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

  /** Forgets the open member; the caller cuts the file. */
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

  /** Frees the deflater; an open member is not ended. */
  @Override
  public void close() {
    deflater.end();
  }
}
