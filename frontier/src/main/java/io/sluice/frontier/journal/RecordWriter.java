package io.sluice.frontier.journal;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedFile;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Appends records to a new file. A failed write or sync is final: the file's state is then unknown,
 * and every later write or sync fails, too. Confined to one thread.
 */
public final class RecordWriter implements AutoCloseable {

  /** The type of a mark: how far the file was durable when the records after it were written. */
  static final int MARK = 0;

  /** Maximum length of a payload, in bytes. */
  static final int MAX_PAYLOAD = 64 << 20;

  /** Bytes of a record besides its payload: length, type, checksum. */
  static final int OVERHEAD = 9;

  private final Disk disk;
  private final Path file;
  private final OwnedFile owned;
  private final FileChannel channel;
  private final Encoder buffer = new Encoder(1 << 16);
  private final CRC32C crc = new CRC32C();
  private final byte[] offsetBytes = new byte[8];
  private long written;
  private long synced;
  private int recordStart;
  private boolean marked;
  private boolean broken;

  private RecordWriter(Disk disk, Path file, OwnedFile owned) {
    this.disk = disk;
    this.file = file;
    this.owned = owned;
    this.channel = owned.channel();
  }

  /**
   * Creates a file with the given header, which is durable when this method returns; the file's
   * directory entry is not yet.
   */
  public static RecordWriter create(Disk disk, Path file, FileHeader header, Ledger ledger)
      throws IOException {
    Ledger.Entry entry = ledger.enter(ResourceKind.FRONTIER, header.owner(), file);
    RecordWriter writer =
        new RecordWriter(disk, file, OwnedFile.open(entry, () -> disk.create(file)));
    try {
      byte[] bytes = header.encode();
      writer.buffer.putBytes(bytes, 0, bytes.length);
      writer.write();
      writer.sync();
      return writer;
    } catch (IOException | RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** Length of the file, including bytes not yet written. */
  public long length() {
    return written + buffer.length();
  }

  /** Bytes of records not yet written. */
  public int pendingBytes() {
    return buffer.length();
  }

  /** Whether the file holds, or is to hold, bytes that are not durable. */
  public boolean unsynced() {
    return length() > synced;
  }

  /** Bytes of the file that are durable. */
  public long syncedLength() {
    return synced;
  }

  /** Begins a record. Append its payload to the returned encoder, then call {@link #end}. */
  public Encoder begin(int type) {
    if (!marked) {
      marked = true;
      open(MARK).putLong(synced);
      end();
    }
    return open(type);
  }

  /** Where the latest record begins in the file. */
  public long begunAt() {
    return written + recordStart;
  }

  private Encoder open(int type) {
    recordStart = buffer.length();
    return buffer.putInt(0).putByte(type);
  }

  /** Ends the latest record. */
  public void end() {
    int payload = buffer.length() - recordStart - 5;
    if (payload > MAX_PAYLOAD) {
      throw new IllegalStateException("a record is too long: " + payload + " bytes");
    }
    buffer.setInt(recordStart, payload);
    buffer.putInt(
        checksum(
            crc, offsetBytes, written + recordStart, buffer.array(), recordStart, payload + 5));
  }

  /** Hands all records to the operating system, so that they survive a crash of this process. */
  public void write() throws IOException {
    if (buffer.length() == 0) {
      return;
    }
    refuseIfBroken();
    broken = true;
    owned.verify(written); // a write past the end of a shortened file would leave a hole
    disk.write(channel, ByteBuffer.wrap(buffer.array(), 0, buffer.length()));
    broken = false;
    written += buffer.length();
    buffer.clear();
  }

  /**
   * Makes everything written durable, and checks that the file is still in its place and whole:
   * data written to a deleted file is lost without an error.
   */
  public void sync() throws IOException {
    refuseIfBroken();
    broken = true;
    disk.sync(channel);
    owned.verify(written);
    broken = false;
    synced = written;
    marked = false;
  }

  /** Closes the file. Records not yet written are dropped. */
  @Override
  public void close() throws IOException {
    owned.close();
  }

  /**
   * Computes a record's checksum. It covers the record's offset as well, so that bytes at another
   * offset are never mistaken for the record.
   */
  static int checksum(
      CRC32C crc, byte[] scratch, long fileOffset, byte[] bytes, int from, int count) {
    crc.reset();
    BigEndian.putLong(scratch, 0, fileOffset);
    crc.update(scratch, 0, 8);
    crc.update(bytes, from, count);
    return (int) crc.getValue();
  }

  private void refuseIfBroken() throws IOException {
    if (broken) {
      throw new IOException(file + ": an earlier write or sync failed");
    }
  }
}
