package io.sluice.frontier.journal;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedFile;
import io.sluice.core.resource.ResourceKind;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record file from its beginning to its end, or to the first broken record. Confined to one
 * thread.
 *
 * <p>A break is a <em>torn tail</em> if nothing from there on was durable, and <em>damage</em>
 * otherwise. Marks distinguish the two: each states how far the file was durable when the mark was
 * written, so a sound mark after the break that claims more than the break's offset proves damage.
 */
public final class RecordReader implements AutoCloseable {

  /** Bytes read at a time from a file that is read sequentially. */
  private static final int WINDOW = 1 << 20;

  private static final int MARK_BYTES = RecordWriter.OVERHEAD + 8;

  private final Path file;
  private final OwnedFile owned;
  private final FileChannel channel;
  private final long size;
  private final CRC32C crc = new CRC32C();
  private final byte[] offsetBytes = new byte[8];
  private byte[] window;
  private long windowStart;
  private int windowLength;
  private long next = FileHeader.BYTES;
  private long start;
  private int type;
  private int payload;

  private RecordReader(Path file, OwnedFile owned, int windowBytes) throws IOException {
    this.file = file;
    this.owned = owned;
    this.channel = owned.channel();
    this.size = channel.size();
    this.window = new byte[windowBytes];
  }

  /** Opens a file and checks that its header is the given one. */
  public static RecordReader open(Path file, FileHeader header, Ledger ledger) throws IOException {
    return open(file, header, ledger, WINDOW);
  }

  /**
   * Like {@link #open(Path, FileHeader, Ledger)}, for readers that seek.
   *
   * @param windowBytes bytes read and kept at a time; grows for a longer record
   */
  public static RecordReader open(Path file, FileHeader header, Ledger ledger, int windowBytes)
      throws IOException {
    OwnedFile owned = owned(file, header.owner(), ledger);
    try {
      RecordReader reader = new RecordReader(file, owned, windowBytes);
      if (reader.size < FileHeader.BYTES) {
        throw new DamagedFileException(file, 0, "its header is broken");
      }
      reader.load(0, FileHeader.BYTES);
      byte[] bytes = new byte[FileHeader.BYTES];
      System.arraycopy(reader.window, 0, bytes, 0, bytes.length);
      header.check(bytes, file);
      return reader;
    } catch (IOException | RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  /** Opens a file without checking its header, to salvage what can be read. */
  public static RecordReader openUnchecked(Path file, Ledger ledger) throws IOException {
    OwnedFile owned = owned(file, "frontier.salvage", ledger);
    try {
      return new RecordReader(file, owned, WINDOW);
    } catch (IOException | RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  private static OwnedFile owned(Path file, String owner, Ledger ledger) throws IOException {
    return OwnedFile.open(
        ledger.enter(ResourceKind.FRONTIER, owner, file),
        () -> FileChannel.open(file, StandardOpenOption.READ));
  }

  /** Moves to the next record, skipping marks; false at the end or at a broken record. */
  public boolean next() throws IOException {
    do {
      if (!holds(next)) {
        return false;
      }
      start = next;
      next += RecordWriter.OVERHEAD + payload;
    } while (type == RecordWriter.MARK);
    return true;
  }

  /**
   * Moves to the record at an offset where one is known to begin.
   *
   * @throws DamagedFileException if the record is broken
   */
  public void seek(long offset) throws IOException {
    next = offset;
    if (offset < FileHeader.BYTES || !next()) {
      throw new DamagedFileException(file, offset, "a synced record is corrupt");
    }
  }

  /**
   * Moves to the first sound record after a broken one, skipping marks; false if there is none. The
   * checksum covers a record's offset, so that nothing else is mistaken for a record.
   */
  public boolean nextSound() throws IOException {
    long broken = next;
    long claimed = claimedEnd(broken);
    if (claimed > broken && holds(claimed)) {
      next = claimed;
      return next();
    }
    for (long at = broken + 1; at <= size - RecordWriter.OVERHEAD; at++) {
      if (holds(at)) {
        next = at;
        return next();
      }
    }
    return false;
  }

  /**
   * The payload of a broken record, with the length that the record itself claims; null if that
   * extends past the file's end.
   */
  public @Nullable Decoder unchecked(long at) throws IOException {
    long end = claimedEnd(at);
    long length = end - at - RecordWriter.OVERHEAD;
    if (end > size || length < 1 || length > RecordWriter.MAX_PAYLOAD) {
      return null;
    }
    load(at, (int) (end - at));
    return new Decoder(window, (int) (at - windowStart) + 5, (int) length);
  }

  /** Where a record would end if its length were sound. */
  public long claimedEnd(long at) throws IOException {
    if (size - at < RecordWriter.OVERHEAD) {
      return at;
    }
    load(at, 4);
    return at + RecordWriter.OVERHEAD + BigEndian.getInt(window, (int) (at - windowStart));
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** The record's type. */
  public int type() {
    return type;
  }

  /** The record's payload; valid until the next call of {@link #next}. */
  public Decoder payload() {
    return new Decoder(window, (int) (start - windowStart) + 5, payload);
  }

  /** Where the record begins in the file. */
  public long offset() {
    return start;
  }

  /** Where the next record begins, or the file ends. */
  public long nextOffset() {
    return next;
  }

  /** Whether every byte was part of a sound record. */
  public boolean complete() {
    return next == size;
  }

  /** Bytes from the first broken record to the end. */
  public long tornBytes() {
    return size - next;
  }

  /**
   * Fails if the broken record was durable once; returns if it is a torn tail or nothing is broken.
   */
  public void refuseDamage() throws IOException {
    long broken = next;
    for (long at = broken + 1; at <= size - MARK_BYTES; at++) {
      load(at, MARK_BYTES);
      int from = (int) (at - windowStart);
      if (window[from + 4] == RecordWriter.MARK
          && BigEndian.getInt(window, from) == 8
          && holds(at)
          && BigEndian.getLong(window, (int) (at - windowStart) + 5) > broken) {
        throw new DamagedFileException(file, broken, "a synced record is corrupt");
      }
    }
  }

  @Override
  public void close() throws IOException {
    owned.close();
  }

  /**
   * Whether a sound record begins at {@code at}; if so, its type and the length of its payload are
   * set.
   */
  private boolean holds(long at) throws IOException {
    if (size - at < RecordWriter.OVERHEAD) {
      return false;
    }
    load(at, 5);
    int length = BigEndian.getInt(window, (int) (at - windowStart));
    if (length < 0
        || length > RecordWriter.MAX_PAYLOAD
        || length > size - at - RecordWriter.OVERHEAD) {
      return false;
    }
    load(at, RecordWriter.OVERHEAD + length);
    int from = (int) (at - windowStart);
    int sum = RecordWriter.checksum(crc, offsetBytes, at, window, from, length + 5);
    if (sum != BigEndian.getInt(window, from + 5 + length)) {
      return false;
    }
    type = window[from + 4] & 0xFF;
    payload = length;
    return true;
  }

  /** Makes the window hold {@code count} bytes from {@code at} on. */
  private void load(long at, int count) throws IOException {
    if (at >= windowStart && at + count <= windowStart + windowLength) {
      return;
    }
    if (count > window.length) {
      window = new byte[count];
    }
    ByteBuffer target = ByteBuffer.wrap(window);
    windowStart = at;
    windowLength = 0;
    while (windowLength < count) {
      int read = channel.read(target, at + windowLength);
      if (read < 0) {
        throw new EOFException(file + ": shrank while it was being read");
      }
      windowLength += read;
    }
  }
}
