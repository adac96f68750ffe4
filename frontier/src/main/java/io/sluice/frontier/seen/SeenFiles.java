package io.sluice.frontier.seen;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.journal.FileHeader;
import java.nio.file.Path;

/**
 * Where a shard's runs are stored, and the ledger for their files. Immutable.
 *
 * @param disk creates, writes, syncs and deletes runs
 * @param directory the directory of the shard's files
 * @param shard the shard's number
 * @param maxRuns maximum number of runs, each of which needs a descriptor; at this number, no
 *     further run is written before a merge is installed; at least 2
 * @param ledger borrowed
 */
public record SeenFiles(Disk disk, Path directory, int shard, int maxRuns, Ledger ledger) {

  private static final String PREFIX = "seen-";

  /** The file of a run. */
  public Path file(long number) {
    return directory.resolve(PREFIX + number);
  }

  /** The run number in a file's name; 0 if the file is not a run. */
  static long number(Path file) {
    return Directories.number(file, PREFIX);
  }

  FileHeader header(long number) {
    return new FileHeader(FileHeader.SEEN_RUN, shard, number);
  }
}
