package io.sluice.frontier.journal;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The first {@value #BYTES} bytes of a shard's file. Immutable.
 *
 * @param kind {@link #JOURNAL}, {@link #CHECKPOINT}, {@link #SEGMENT} or {@link #SEEN_RUN}
 * @param shard the shard that owns the file
 * @param generation the generation of the checkpoint that the file belongs to, or the number of a
 *     segment or run; from 1
 */
public record FileHeader(int kind, int shard, long generation) {

  /** The kind of a journal. */
  public static final int JOURNAL = 1;

  /** The kind of a checkpoint. */
  public static final int CHECKPOINT = 2;

  /** The kind of a segment of queued URLs. */
  public static final int SEGMENT = 3;

  /** The kind of a run of the seen set, which is not a record file. */
  public static final int SEEN_RUN = 4;

  /** The version of the frontier's files that this program writes and reads. */
  public static final int VERSION = 3;

  /** A header's length, in bytes. */
  public static final int BYTES = 32;

  private static final byte[] MAGIC = "SluiceFr".getBytes(StandardCharsets.US_ASCII);

  /** The file's owner in the ledger. */
  public String owner() {
    return switch (kind) {
      case JOURNAL -> "frontier.journal";
      case CHECKPOINT -> "frontier.checkpoint";
      case SEGMENT -> "frontier.segment";
      default -> "frontier.seen";
    };
  }

  /** The header's bytes, {@value #BYTES}. */
  public byte[] encode() {
    byte[] bytes =
        new Encoder(BYTES)
            .putBytes(MAGIC, 0, MAGIC.length)
            .putInt(VERSION << 16 | kind)
            .putInt(shard)
            .putLong(generation)
            .putInt(0)
            .putInt(0)
            .toArray();
    BigEndian.putInt(bytes, BYTES - 4, checksum(bytes));
    return bytes;
  }

  /** Throws an exception with a message for the operator unless {@code bytes} is this header. */
  public void check(byte[] bytes, Path file) throws IOException {
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        || BigEndian.getInt(bytes, BYTES - 4) != checksum(bytes)) {
      throw new DamagedFileException(file, 0, "its header is broken");
    }
    int version = BigEndian.getInt(bytes, 8) >>> 16;
    if (version != VERSION) {
      throw new DamagedFileException(
          file + ": has format version " + version + "; this program reads " + VERSION);
    }
    if (!Arrays.equals(bytes, encode())) {
      throw new DamagedFileException(file, 0, "it belongs to another shard or generation");
    }
  }

  /**
   * Repairs a file's broken header, by replacing the file with a corrected copy.
   *
   * @return false if the header's checksum is valid, whatever the header contains
   */
  public boolean mend(Path file, Disk disk, Ledger ledger) throws IOException {
    BriefFiles files = Directories.brief(ledger);
    byte[] found = files.read(file, BYTES);
    if (found.length == BYTES && BigEndian.getInt(found, BYTES - 4) == checksum(found)) {
      return false;
    }
    Path copy = file.resolveSibling(file.getFileName() + ".tmp");
    files.copy(file, copy);
    try (Ledger.Entry _ = files.enter(copy);
        FileChannel channel = disk.open(copy)) {
      disk.write(channel, ByteBuffer.wrap(encode()));
      disk.sync(channel);
    }
    disk.rename(copy, file);
    Directories.sync(disk, file.resolveSibling(""), ledger);
    return true;
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, BYTES - 4);
    return (int) crc.getValue();
  }
}
