package io.sluice.parser.slot;

import io.sluice.core.resource.Ledger;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A directory that one worker owns, held by a file lock. Close it to let it go; the operating
 * system does so when the process dies. Confined to its owner.
 */
public final class Slot implements AutoCloseable {

  private final String name;
  private final Path directory;
  private final FileChannel lock;
  private final Ledger.Entry entry;

  Slot(String name, Path directory, FileChannel lock, Ledger.Entry entry) {
    this.name = name;
    this.directory = directory;
    this.lock = lock;
    this.entry = entry;
  }

  /** The slot's name, unique in the crawl: {@code p0-3}. */
  public String name() {
    return name;
  }

  /** Where its parts are. */
  Path directory() {
    return directory;
  }

  @Override
  public void close() throws IOException {
    try (entry) {
      lock.close();
    }
  }
}
