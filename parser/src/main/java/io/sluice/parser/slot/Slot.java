package io.sluice.parser.slot;

import io.sluice.core.resource.OwnedFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A directory that one worker owns, held by a file lock. Close it to let it go; the operating
 * system does so when the process dies. Confined to its owner.
 */
public final class Slot implements AutoCloseable {

  private final String name;
  private final Path directory;
  private final OwnedFile lock;

  Slot(String name, Path directory, OwnedFile lock) {
    this.name = name;
    this.directory = directory;
    this.lock = lock;
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
    lock.close();
  }
}
