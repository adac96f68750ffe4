package io.sluice.frontier.queue;

import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.FileHeader;
import io.sluice.frontier.journal.RecordReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of URLs that wait, in blocks in the order of hosts and classes. It never changes; what was
 * taken of it is known to the extents that point into it. Its file is open from the first look to
 * the last, unless {@link OpenSegments} wants the descriptor meanwhile. Confined to its shard's
 * thread; one that was opened again, to the thread that did so.
 */
final class Segment implements Closeable {

  /** The type of a block's record. */
  static final int BLOCK = 1;

  /** The type of the last record: how many URLs there are. */
  static final int END = 2;

  private static final String PREFIX = "queue-";

  /** Read at a time by who takes single URLs: a block and a little of the next. */
  private static final int WINDOW_BYTES = 4 << 10;

  /** Read at a time by who reads from end to end. */
  private static final int LARGE_WINDOW_BYTES = 256 << 10;

  private final QueuePlace place;
  private final OpenSegments files;
  private final long number;
  private final long total;
  private final int window;
  private @Nullable RecordReader reader;
  private long live;
  private @Nullable Block block;
  private long blockOffset;

  private Segment(QueuePlace place, OpenSegments files, long number, long total, int window) {
    this.place = place;
    this.files = files;
    this.number = number;
    this.total = total;
    this.window = window;
  }

  /** A segment's file. */
  static Path file(Path directory, long number) {
    return directory.resolve(PREFIX + number);
  }

  /** The number of a segment's file; 0 for another file. */
  static long number(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      return name.startsWith(PREFIX) ? Long.parseLong(name.substring(PREFIX.length())) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /**
   * Opens a segment.
   *
   * @param files which of the shard's segments are open
   * @param total URLs in it, taken ones included
   */
  static Segment open(QueuePlace place, OpenSegments files, long number, long total)
      throws IOException {
    Segment segment = new Segment(place, files, number, total, WINDOW_BYTES);
    segment.openFile();
    return segment;
  }

  /** The same segment once more, for another thread that reads it from end to end. */
  static Segment openAgain(Segment segment) throws IOException {
    OpenSegments alone = new OpenSegments(1);
    Segment again =
        new Segment(segment.place, alone, segment.number, segment.total, LARGE_WINDOW_BYTES);
    again.openFile();
    return again;
  }

  private RecordReader openFile() throws IOException {
    RecordReader known = reader;
    if (known != null) {
      files.reading(this);
      return known;
    }
    files.opening(this);
    FileHeader header = new FileHeader(FileHeader.SEGMENT, place.shard(), number);
    try {
      Path file = file(place.directory(), number);
      RecordReader opened = RecordReader.open(file, header, place.ledger(), window);
      reader = opened;
      return opened;
    } catch (IOException | RuntimeException e) {
      files.closed(this);
      throw e;
    }
  }

  long number() {
    return number;
  }

  /** URLs in the file, taken ones included. */
  long total() {
    return total;
  }

  /** URLs that extents of hosts still point to. */
  long live() {
    return live;
  }

  /** An extent begins to point to so many. */
  void addLive(long count) {
    live += count;
  }

  /** One was taken. */
  void taken() {
    live--;
  }

  /**
   * The block that begins at an offset; of its URLs so many are passed over, or all where it has
   * fewer. Valid until the next call.
   *
   * @throws DamagedFileException if no block begins there
   */
  Block block(long offset, int skip) throws IOException {
    Block known = block;
    if (known != null && blockOffset == offset && known.taken() == skip) {
      return known;
    }
    block = null;
    RecordReader from = openFile();
    from.seek(offset);
    if (from.type() != BLOCK) {
      throw new DamagedFileException(from.file(), offset, "no block of URLs begins here");
    }
    try {
      Block read = new Block(from.payload(), from.nextOffset());
      read.skip(Math.min(skip, read.count()));
      block = read;
      blockOffset = offset;
      return read;
    } catch (IllegalStateException | ArithmeticException e) {
      throw new DamagedFileException(from.file(), offset, String.valueOf(e.getMessage()));
    }
  }

  /** Closes the file for now; it is opened again when it is read. */
  void closeFile() throws IOException {
    RecordReader open = reader;
    reader = null;
    block = null;
    if (open != null) {
      open.close();
    }
  }

  /** Closes the file and leaves it where it is. */
  @Override
  public void close() throws IOException {
    files.closed(this);
    closeFile();
  }
}
