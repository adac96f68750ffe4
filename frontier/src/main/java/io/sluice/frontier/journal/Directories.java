package io.sluice.frontier.journal;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Operations on the frontier's directories, and on files that are open only during a call; each is
 * in the ledger while it is open. Stateless.
 */
public final class Directories {

  private Directories() {}

  /** Makes a directory's entries durable. */
  public static void sync(Disk disk, Path directory, Ledger ledger) throws IOException {
    try (Ledger.Entry _ = brief(ledger).enter(directory)) {
      disk.syncDirectory(directory);
    }
  }

  /** Writes a file atomically and durably, replacing an older one of the same name. */
  public static void write(Disk disk, Path directory, String name, byte[] content, Ledger ledger)
      throws IOException {
    Path temporary = directory.resolve(name + ".tmp");
    try (Ledger.Entry _ = brief(ledger).enter(temporary);
        FileChannel channel = disk.create(temporary)) {
      disk.write(channel, ByteBuffer.wrap(content));
      disk.sync(channel);
    }
    disk.rename(temporary, directory.resolve(name));
    sync(disk, directory, ledger);
  }

  /** The files of a directory, in no particular order. */
  public static List<Path> list(Path directory, Ledger ledger) throws IOException {
    return brief(ledger).list(directory);
  }

  /** The number in a file's name after the given prefix; 0 for a file of another name. */
  public static long number(Path file, String prefix) {
    String name = String.valueOf(file.getFileName());
    try {
      return name.startsWith(prefix) ? Long.parseLong(name.substring(prefix.length())) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Files that are read or written in one call. */
  public static BriefFiles brief(Ledger ledger) {
    return new BriefFiles(ledger, ResourceKind.FRONTIER, "frontier.directory");
  }
}
