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
 * taken of it is known to the extents that point into it. Confined to its shard's thread.
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

  private final long number;
  private final RecordReader reader;
  private final long total;
  private long live;
  private @Nullable Block block;
  private long blockOffset;

  private Segment(long number, RecordReader reader, long total) {
    this.number = number;
    this.reader = reader;
    this.total = total;
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
   * @param total URLs in it, taken ones included
   */
  static Segment open(QueuePlace place, long number, long total) throws IOException {
    return open(place, number, total, WINDOW_BYTES);
  }

  private static Segment open(QueuePlace place, long number, long total, int window)
      throws IOException {
    FileHeader header = new FileHeader(FileHeader.SEGMENT, place.shard(), number);
    Path file = file(place.directory(), number);
    return new Segment(number, RecordReader.open(file, header, place.ledger(), window), total);
  }

  /** The same segment once more, for another thread that reads it from end to end. */
  static Segment openAgain(QueuePlace place, Segment segment) throws IOException {
    return open(place, segment.number, segment.total, LARGE_WINDOW_BYTES);
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
    reader.seek(offset);
    if (reader.type() != BLOCK) {
      throw new DamagedFileException(reader.file(), offset, "no block of URLs begins here");
    }
    try {
      Block read = new Block(reader.payload(), reader.nextOffset());
      read.skip(Math.min(skip, read.count()));
      block = read;
      blockOffset = offset;
      return read;
    } catch (IllegalStateException | ArithmeticException e) {
      throw new DamagedFileException(reader.file(), offset, String.valueOf(e.getMessage()));
    }
  }

  /** Closes the file and leaves it where it is. */
  @Override
  public void close() throws IOException {
    reader.close();
  }
}
