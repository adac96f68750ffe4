package io.sluice.frontier.journal;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The frontier's directories, and what else of it is open for the length of a call only: all of it
 * is in the ledger meanwhile. Stateless.
 */
public final class Directories {

  private Directories() {}

  /** Makes durable which names a directory has. */
  public static void sync(Disk disk, Path directory, Ledger ledger) throws IOException {
    try (Ledger.Entry _ = brief(ledger).enter(directory)) {
      disk.syncDirectory(directory);
    }
  }

  /** The files of a directory, in no order. */
  public static List<Path> list(Path directory, Ledger ledger) throws IOException {
    return brief(ledger).list(directory);
  }

  /** Files that are read or written in one call. */
  public static BriefFiles brief(Ledger ledger) {
    return new BriefFiles(ledger, ResourceKind.FRONTIER, "frontier.directory");
  }
}
