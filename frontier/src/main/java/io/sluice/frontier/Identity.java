package io.sluice.frontier;

import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.journal.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The properties that are fixed when a frontier is created, in the file {@code identity}. It is
 * written last, so a directory without one was never completed and contains no crawl. Its last line
 * is the CRC32C of the lines before it, since a damaged fingerprint seed would make every URL look
 * new. Immutable.
 *
 * @param shards how many shards there are
 * @param fingerprintSeed seeds the hash of URLs and the choice of shards
 * @param crawl distinguishes this crawl from every other; null in a directory that version 2
 *     created
 */
record Identity(int shards, long fingerprintSeed, @Nullable CrawlIdentity crawl) {

  private static final String NAME = "identity";
  private static final int VERSION = 3;

  /** The previous version. Its records are the same; only the line {@code crawl} is missing. */
  private static final int OLDER_VERSION = 2;

  /** Maximum size of the file, in bytes; larger than any real one. */
  private static final int MAX_BYTES = 4096;

  private static final String FORMAT = "sluice-frontier ";
  private static final String SHARDS = "shards ";
  private static final String SEED = "fingerprint-seed ";
  private static final String CRAWL = "crawl ";
  private static final String CHECKSUM = "crc32c ";

  static @Nullable Identity read(Path directory, Ledger ledger) throws IOException {
    Path file = directory.resolve(NAME);
    if (!Files.exists(file)) {
      return null;
    }
    byte[] bytes = Directories.brief(ledger).read(file, MAX_BYTES);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().startsWith(FORMAT)) {
      throw new DamagedFileException(file, 0, "it is not the identity of a frontier");
    }
    String version = lines.getFirst().substring(FORMAT.length());
    if (!version.equals("" + VERSION) && !version.equals("" + OLDER_VERSION)) {
      throw new FrontierException(
          file + ": has format version " + version + "; this program reads " + VERSION);
    }
    Identity identity = parse(file, lines);
    if (!text.equals(identity.text())) {
      throw new DamagedFileException(file, 0, "its checksum does not match");
    }
    return identity;
  }

  private static Identity parse(Path file, List<String> lines) throws DamagedFileException {
    try {
      boolean older = lines.getFirst().equals(FORMAT + OLDER_VERSION);
      return new Identity(
          Integer.parseInt(value(lines.get(1), SHARDS)),
          Long.parseLong(value(lines.get(2), SEED)),
          older ? null : new CrawlIdentity(value(lines.get(3), CRAWL)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new DamagedFileException(file, 0, "it is not the text of an identity");
    }
  }

  /** Writes the identity durably, in one step. */
  void write(Path directory, Disk disk, Ledger ledger) throws IOException {
    byte[] bytes = text().getBytes(StandardCharsets.US_ASCII);
    Directories.write(disk, directory, NAME, bytes, ledger);
  }

  private String text() {
    int version = crawl == null ? OLDER_VERSION : VERSION;
    String lines = FORMAT + version + "\n" + SHARDS + shards + "\n" + SEED + fingerprintSeed + "\n";
    lines += crawl == null ? "" : CRAWL + crawl + "\n";
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
