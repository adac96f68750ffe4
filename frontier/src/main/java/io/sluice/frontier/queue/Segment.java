package io.sluice.frontier.queue;

import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.journal.FileHeader;
import io.sluice.frontier.journal.RecordReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of waiting URLs, in blocks in the order of hosts and classes. The file never changes; the
 * extents that point into it record which URLs were taken. Its file stays open from the first read
 * to the last, unless {@link OpenSegments} needs the descriptor. Confined to its shard's thread; a
 * segment from {@link #openAgain} is confined to the thread that called it.
 */
final class Segment implements Closeable {

  /** The type of a block's record. */
  static final int BLOCK = 1;

  /** The type of the last record, which holds the number of URLs. */
  static final int END = 2;

  private static final String PREFIX = "queue-";

  /** Bytes read at a time to take single URLs: a block and a little of the next. */
  private static final int WINDOW_BYTES = 4 << 10;

  /** Bytes read at a time when a file is read from end to end. */
  private static final int LARGE_WINDOW_BYTES = 256 << 10;

  private final QueueFiles files;
  private final OpenSegments openSegments;
  private final long number;
  private final long total;
  private final int window;
  private @Nullable RecordReader reader;
  private long live;
  private @Nullable Block block;
  private long blockOffset;

  private Segment(
      QueueFiles files, OpenSegments openSegments, long number, long total, int window) {
    this.files = files;
    this.openSegments = openSegments;
    this.number = number;
    this.total = total;
    this.window = window;
  }

  /** A segment's file. */
  static Path file(Path directory, long number) {
    return directory.resolve(PREFIX + number);
  }

  /** The segment number in a file's name; 0 if the file is not a segment. */
  static long number(Path file) {
    return Directories.number(file, PREFIX);
  }

  /**
   * Opens a segment.
   *
   * @param openSegments tracks which of the shard's segments are open
   * @param total number of URLs in it, including taken ones
   */
  static Segment open(QueueFiles files, OpenSegments openSegments, long number, long total)
      throws IOException {
    Segment segment = new Segment(files, openSegments, number, total, WINDOW_BYTES);
    segment.openFile();
    return segment;
  }

  /** Opens the same segment again, for another thread that reads it from end to end. */
  static Segment openAgain(Segment segment) throws IOException {
    OpenSegments alone = new OpenSegments(1);
    Segment again =
        new Segment(segment.files, alone, segment.number, segment.total, LARGE_WINDOW_BYTES);
    again.openFile();
    return again;
  }

  private RecordReader openFile() throws IOException {
    RecordReader known = reader;
    if (known != null) {
      openSegments.reading(this);
      return known;
    }
    openSegments.opening(this);
    FileHeader header = new FileHeader(FileHeader.SEGMENT, files.shard(), number);
    try {
      Path file = file(files.directory(), number);
      RecordReader opened = RecordReader.open(file, header, files.ledger(), window);
      reader = opened;
      return opened;
    } catch (IOException | RuntimeException e) {
      openSegments.closed(this);
      throw e;
    }
  }

  long number() {
    return number;
  }

  /** The number of URLs in the file, including taken ones. */
  long total() {
    return total;
  }

  /** The number of URLs that extents of hosts still point to. */
  long live() {
    return live;
  }

  /** Records that extents now point to {@code count} more URLs. */
  void addLive(long count) {
    live += count;
  }

  /** A URL was taken. */
  void taken() {
    live--;
  }

  /**
   * The block that begins at an offset, moved past {@code skip} URLs, or past all if it has fewer.
   * Valid until the next call.
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

  /** Closes the file for now; the next read reopens it. */
  void closeFile() throws IOException {
    RecordReader open = reader;
    reader = null;
    block = null;
    if (open != null) {
      open.close();
    }
  }

  /** Closes the file without deleting it. */
  @Override
  public void close() throws IOException {
    openSegments.closed(this);
    closeFile();
  }
}
