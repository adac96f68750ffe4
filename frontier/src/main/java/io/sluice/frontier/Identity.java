package io.sluice.frontier;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.journal.FileHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What was decided when the frontier was made and never changes: the file {@code identity}. It is
 * written last, so a directory without one was never finished and holds nothing. Its last line is
 * the CRC32C of those before it: another seed would make every URL a new one. Immutable.
 *
 * @param shards how many shards there are
 * @param fingerprintSeed seeds the hash of URLs and the choice of shards
 */
record Identity(int shards, long fingerprintSeed) {

  private static final String NAME = "identity";

  /** More than it has. */
  private static final int MAX_BYTES = 4096;

  private static final String FORMAT = "sluice-frontier ";
  private static final String SHARDS = "shards ";
  private static final String SEED = "fingerprint-seed ";
  private static final String CHECKSUM = "crc32c ";

  /** Reads the identity of a directory; null if it has none. */
  static @Nullable Identity read(Path directory, Ledger ledger) throws IOException {
    Path file = directory.resolve(NAME);
    if (!Files.exists(file)) {
      return null;
    }
    byte[] bytes = Directories.brief(ledger).read(file, MAX_BYTES);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().startsWith(FORMAT)) {
      throw new DamagedFileException(file, 0, "is no identity of a frontier");
    }
    String version = lines.getFirst().substring(FORMAT.length());
    if (!version.equals(String.valueOf(FileHeader.VERSION))) {
      throw new FrontierException(
          file + ": has format version " + version + ", this program reads " + FileHeader.VERSION);
    }
    Identity identity = parse(file, lines);
    if (!text.equals(identity.text())) {
      throw new DamagedFileException(file, 0, "its checksum does not hold");
    }
    return identity;
  }

  private static Identity parse(Path file, List<String> lines) throws DamagedFileException {
    try {
      return new Identity(
          Integer.parseInt(value(lines.get(1), SHARDS)), Long.parseLong(value(lines.get(2), SEED)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new DamagedFileException(file, 0, "it is not an identity's text");
    }
  }

  /** Writes the identity durably, in one step. */
  void write(Path directory, Disk disk, Ledger ledger) throws IOException {
    Path temporary = directory.resolve(NAME + ".tmp");
    try (Ledger.Entry _ = Directories.brief(ledger).enter(temporary);
        FileChannel channel = disk.create(temporary)) {
      disk.write(channel, ByteBuffer.wrap(text().getBytes(StandardCharsets.US_ASCII)));
      disk.sync(channel);
    }
    disk.rename(temporary, directory.resolve(NAME));
    Directories.sync(disk, directory, ledger);
  }

  private String text() {
    String lines =
        FORMAT + FileHeader.VERSION + "\n" + SHARDS + shards + "\n" + SEED + fingerprintSeed + "\n";
    CRC32C crc = new CRC32C();
    crc.update(lines.getBytes(StandardCharsets.US_ASCII));
    return lines + CHECKSUM + "%08x".formatted(crc.getValue()) + "\n";
  }

  private static String value(String line, String key) {
    if (!line.startsWith(key)) {
      throw new IllegalArgumentException(line);
    }
    return line.substring(key.length());
  }
}
