package io.sluice.frontier.queue;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.journal.FileHeader;
import io.sluice.frontier.journal.RecordReader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Checks a segment's file: whether every block can be read, and whether the URLs that an extent
 * points to exist and belong to its host and class. Confined to one thread.
 */
public final class SegmentCheck implements AutoCloseable {

  private final RecordReader reader;

  private SegmentCheck(RecordReader reader) {
    this.reader = reader;
  }

  /**
   * Opens a segment.
   *
   * @throws DamagedFileException if the segment's header is broken
   */
  public static SegmentCheck open(int shard, Path directory, long number, Ledger ledger)
      throws IOException {
    FileHeader header = new FileHeader(FileHeader.SEGMENT, shard, number);
    return new SegmentCheck(RecordReader.open(Segment.file(directory, number), header, ledger));
  }

  /** A segment's file. */
  public static Path file(Path directory, long number) {
    return Segment.file(directory, number);
  }

  /**
   * Replaces the broken header of a segment.
   *
   * @param before called before the file is replaced
   */
  public static void mendHeader(QueueFiles files, Path file, Keeper before) throws IOException {
    long number = Segment.number(file);
    if (number == 0) {
      return;
    }
    try {
      open(files.shard(), files.directory(), number, files.ledger()).close();
    } catch (DamagedFileException e) {
      before.keep(file);
      new FileHeader(FileHeader.SEGMENT, files.shard(), number)
          .mend(file, files.disk(), files.ledger());
    }
  }

  /** Keeps a copy of a file that is about to be replaced. */
  @FunctionalInterface
  public interface Keeper {
    void keep(Path file) throws IOException;
  }

  /** Removes from a list the segments that cannot be opened, and reports each. */
  public static void dropUnreadable(
      QueueFiles files, List<SegmentName> segments, Consumer<String> losses) throws IOException {
    for (SegmentName name : List.copyOf(segments)) {
      try {
        open(files.shard(), files.directory(), name.number(), files.ledger()).close();
      } catch (DamagedFileException e) {
        segments.remove(name);
        losses.accept(String.valueOf(e.getMessage()));
      } catch (NoSuchFileException e) {
        segments.remove(name);
        losses.accept(e.getMessage() + ": is missing");
      }
    }
  }

  /** The highest number of a segment's file in a directory; 0 if there is none. */
  public static long highest(Path directory, Ledger ledger) throws IOException {
    long highest = 0;
    for (Path file : Directories.list(directory, ledger)) {
      highest = Math.max(highest, Segment.number(file));
    }
    return highest;
  }

  /**
   * Reads the file from end to end, including what follows damage.
   *
   * @param urls number of URLs that the file must hold, including those taken
   * @param problems receives each problem, in one line
   */
  public void whole(long urls, Consumer<String> problems) throws IOException {
    long read = 0;
    long announced = -1;
    boolean damaged = false;
    for (boolean more = true; more; ) {
      while (reader.next()) {
        try {
          if (reader.type() == Segment.END) {
            announced = reader.payload().takeVarint();
          } else {
            read += readBlock();
          }
        } catch (IllegalStateException | ArithmeticException e) {
          damaged = true;
          problems.accept(at(reader.offset(), "a block cannot be read: " + e.getMessage()));
        }
      }
      more = !reader.complete();
      if (more) {
        damaged = true;
        long broken = reader.nextOffset();
        more = reader.nextSound();
        String rest = more ? "up to byte " + reader.offset() : "to its end";
        problems.accept(at(broken, "waiting URLs cannot be read, " + rest));
        read += more && reader.type() == Segment.BLOCK ? readBlock() : 0;
      }
    }
    if (!damaged && (announced != read || announced != urls)) {
      problems.accept(
          "%s: holds %d URLs, but its last record says %d and the checkpoint %d"
              .formatted(reader.file(), read, announced, urls));
    }
  }

  private int readBlock() {
    Block block = new Block(reader.payload(), reader.nextOffset());
    block.skip(block.count());
    return block.count();
  }

  /**
   * Passes all URLs of an extent to the visitor.
   *
   * @throws DamagedFileException if one of its blocks cannot be read or belongs to another host or
   *     class
   */
  public void visit(ExtentName extent, int host, UrlVisitor visitor) throws IOException {
    long at = extent.offset();
    int skip = extent.skip();
    for (int left = extent.count(); left > 0; ) {
      try {
        Block block = block(at, extent, host);
        block.skip(Math.min(skip, block.count()));
        skip -= block.taken();
        for (; left > 0 && block.taken() < block.count(); left--) {
          visitor.visit(extent.classNumber(), block.next());
        }
        at = block.end();
      } catch (IllegalStateException | ArithmeticException e) {
        throw new DamagedFileException(reader.file(), at, String.valueOf(e.getMessage()));
      }
    }
  }

  private Block block(long at, ExtentName extent, int host) throws IOException {
    reader.seek(at);
    if (reader.type() != Segment.BLOCK) {
      throw new IllegalStateException("no block of URLs begins here");
    }
    Block block = new Block(reader.payload(), reader.nextOffset());
    if (block.host() != host || block.classNumber() != extent.classNumber()) {
      throw new IllegalStateException("the block is of another host or class");
    }
    return block;
  }

  private String at(long offset, String what) {
    return reader.file() + ": damaged at byte " + offset + ": " + what;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
