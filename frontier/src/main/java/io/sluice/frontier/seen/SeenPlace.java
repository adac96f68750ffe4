package io.sluice.frontier.seen;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.journal.FileHeader;
import java.nio.file.Path;

/**
 * Where a shard's runs are and who keeps the books on them. Immutable.
 *
 * @param disk what runs are created, written, synced and deleted through
 * @param directory the shard's own
 * @param shard the shard's number
 * @param maxRuns with so many no further one is made before a merge is installed, at least 2: each
 *     has a descriptor
 * @param ledger borrowed
 */
public record SeenPlace(Disk disk, Path directory, int shard, int maxRuns, Ledger ledger) {

  private static final String PREFIX = "seen-";

  /** The file of a run. */
  public Path file(long number) {
    return directory.resolve(PREFIX + number);
  }

  /** The number of a run's file; 0 for another file. */
  static long number(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      return name.startsWith(PREFIX) ? Long.parseLong(name.substring(PREFIX.length())) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  FileHeader header(long number) {
    return new FileHeader(FileHeader.SEEN_RUN, shard, number);
  }
}
