package io.sluice.frontier;

import io.sluice.core.resource.Ledger;
import io.sluice.core.url.Domains;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.journal.Disk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Public Suffix List that a frontier was created with, in the file {@code suffixes.gz}. A
 * host's registered domain decides its shard, and with another version of the list many hosts would
 * move to another shard. So a frontier keeps using its own list. Stateless.
 */
final class SuffixList {

  private static final Logger log = LoggerFactory.getLogger(SuffixList.class);

  private static final String NAME = "suffixes.gz";

  /** Maximum size of the list, in bytes; the list of 2026 has 328 thousand. */
  private static final int MAX_BYTES = 8 << 20;

  private SuffixList() {}

  /**
   * Makes the process use a frontier's list. If the frontier has none, the list of this version of
   * Sluice is written there first.
   */
  static void keep(Path directory, Disk disk, Ledger ledger) throws IOException {
    if (!Files.exists(directory.resolve(NAME))) {
      Directories.write(disk, directory, NAME, compressed(Domains.carried()), ledger);
    }
    use(directory, ledger);
  }

  /** Makes the process use a frontier's list, if it has one. */
  static void use(Path directory, Ledger ledger) throws IOException {
    Path file = directory.resolve(NAME);
    if (!Files.exists(file)) {
      return;
    }
    byte[] list = read(file, ledger);
    if (!Domains.isList(list)) {
      throw damaged(file);
    }
    if (!Arrays.equals(list, Domains.carried())) {
      log.info("{}: differs from this version's public suffix list, and stays in use", file);
      Domains.use(list);
    }
  }

  private static byte[] read(Path file, Ledger ledger) throws IOException {
    byte[] bytes = Directories.brief(ledger).read(file, MAX_BYTES);
    try (GZIPInputStream list = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return list.readNBytes(MAX_BYTES);
    } catch (IOException e) {
      throw damaged(file);
    }
  }

  private static DamagedFileException damaged(Path file) {
    return new DamagedFileException(
        file + ": is damaged; restore it, or delete it to use this version's public suffix list");
  }

  private static byte[] compressed(byte[] list) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(list);
    }
    return bytes.toByteArray();
  }
}
