package io.sluice.frontier.seen;

import io.sluice.core.resource.OwnedFile;
import io.sluice.frontier.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes a new run of fingerprints in ascending order, and builds its index. The file is deleted if
 * the writer is closed before it is finished. Confined to one thread.
 */
final class RunWriter implements AutoCloseable {

  /**
   * The file is synced each time this many bytes are written, so that a journal's sync never waits
   * for gigabytes to be written.
   */
  private static final long SYNC_BYTES = 32 << 20;

  private final SeenFiles files;
  private final long number;
  private final Disk disk;
  private final Path path;
  private final RunIndex index;
  private final PageWindow window = PageWindow.inHeap(PageWindow.PAGES);
  private final long[] keys = new long[RunFile.PAGE_KEYS];
  private final OwnedFile owned;
  private final FileChannel channel;
  private int keysInPage;
  private int page;
  private long unsyncedBytes;
  private @Nullable Run finished;

  /**
   * Creates a run's file.
   *
   * @param maxCount upper bound on the number of fingerprints, for which memory is allocated
   */
  RunWriter(SeenFiles files, long number, long maxCount) throws IOException {
    this.files = files;
    this.number = number;
    this.disk = files.disk();
    this.path = files.file(number);
    this.index = new RunIndex(maxCount);
    this.owned = OwnedFile.open(RunFile.enter(files.ledger(), path), () -> disk.create(path));
    this.channel = owned.channel();
  }

  /** Writes the header; call it first. */
  void begin() throws IOException {
    write(ByteBuffer.wrap(Arrays.copyOf(files.header(number).encode(), RunFile.PAGE_BYTES)));
  }

  /** Adds a fingerprint greater than all earlier ones. */
  void add(long key) throws IOException {
    index.add(key);
    keys[keysInPage++] = key;
    if (keysInPage == keys.length) {
      endPage();
    }
  }

  /** Makes the run durable, except for its directory entry; the caller closes the result. */
  Run finish() throws IOException {
    if (keysInPage > 0) {
      Arrays.fill(keys, keysInPage, keys.length, 0);
      endPage();
    }
    write(window.take(page));
    write(RunFile.end(index.count()));
    disk.sync(channel);
    RunName name = new RunName(number, index.count());
    finished = new Run(RunFile.written(path, name, owned), index);
    return finished;
  }

  private void endPage() throws IOException {
    if (window.full(page)) {
      write(window.take(page));
    }
    window.put(page, keys);
    page++;
    keysInPage = 0;
  }

  private void write(ByteBuffer bytes) throws IOException {
    unsyncedBytes += bytes.remaining();
    disk.write(channel, bytes);
    if (unsyncedBytes >= SYNC_BYTES) {
      disk.sync(channel);
      unsyncedBytes = 0;
    }
  }

  /** Deletes the file unless it was finished. */
  @Override
  public void close() throws IOException {
    if (finished == null) {
      owned.close();
      disk.delete(path);
    }
  }
}
