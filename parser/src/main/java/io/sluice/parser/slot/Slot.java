package io.sluice.parser.slot;

import io.sluice.core.resource.OwnedFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A directory that one worker owns, held by a file lock. Closing it releases the lock; the
 * operating system does so when the process dies. Confined to its owner.
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

  /** The slot's name, unique in the crawl: {@code web1-9f3a2c-3}. */
  public String name() {
    return name;
  }

  /** The directory of the slot's parts. */
  Path directory() {
    return directory;
  }

  /**
   * Checks that the slot is still in place; if it is not, another worker could claim it.
   *
   * @throws IOException if it was deleted or moved; one line for the operator
   */
  void verify() throws IOException {
    lock.verify();
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
