package io.sluice.frontier.seen;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An immutable sorted file of fingerprints, and its index in memory. Confined to one thread; may be
 * handed to another.
 */
final class Run implements Closeable {

  private final RunFile file;
  private final RunIndex index;

  /** Takes ownership of the file. */
  Run(RunFile file, RunIndex index) {
    this.file = file;
    this.index = index;
  }

  /**
   * Opens a run: reads all of it, so that damage is detected at once, and builds its index.
   *
   * @throws io.sluice.frontier.journal.DamagedFileException if the run is damaged
   */
  static Run open(SeenFiles files, RunName name) throws IOException {
    RunFile file = RunFile.open(files, name);
    try {
      RunIndex index = new RunIndex(name.count());
      RunScan scan = new RunScan(file);
      while (scan.advance()) {
        index.add(scan.head());
      }
      return new Run(file, index);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Whether the run contains a fingerprint; reads at most one page, into the window. */
  boolean contains(long key, PageWindow window) throws IOException {
    if (!index.mayContain(key)) {
      return false;
    }
    int page = index.pageOf(key);
    if (page < 0) {
      return false;
    }
    window.read(file, page, 1);
    window.check(file, page);
    return window.holds(index, page, key);
  }

  RunFile file() {
    return file;
  }

  RunIndex index() {
    return index;
  }

  RunName name() {
    return file.name();
  }

  Path path() {
    return file.path();
  }

  long diskBytes() {
    return RunFile.bytes(file.name().count());
  }

  long memoryBytes() {
    return RunIndex.memoryBytes(file.name().count());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
