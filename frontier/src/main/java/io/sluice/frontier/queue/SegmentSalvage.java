package io.sluice.frontier.queue;

import io.sluice.core.lease.Labels;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.RecordReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads extents of damaged segments. From a broken block it takes the URLs whose fingerprints are
 * known, and reports {@link #LOST} in place of every other URL, so that the journal, which relies
 * on positions, can still be replayed. Confined to one thread.
 */
public final class SegmentSalvage implements AutoCloseable {

  /** Stands for a URL that cannot be read; its serialized form is empty. */
  public static final PackedUrl LOST =
      PackedUrl.pack(new QueuedUrl("", 0, null, List.of(), Labels.NONE, 0));

  /** Decides whether bytes from a damaged block are a URL of the host that was accepted earlier. */
  @FunctionalInterface
  public interface Known {
    boolean isKnown(PackedUrl url) throws IOException;
  }

  private final Path directory;
  private final Ledger ledger;
  private final Map<Long, RecordReader> readers = new HashMap<>();

  public SegmentSalvage(Path directory, Ledger ledger) {
    this.directory = directory;
    this.ledger = ledger;
  }

  /**
   * Passes to the visitor as many URLs as are waiting in an extent.
   *
   * @param host the host's number in the file; -1 if unknown
   */
  public void read(ExtentName extent, int host, Known known, UrlVisitor visitor)
      throws IOException {
    RecordReader reader = readers.get(extent.segment());
    if (reader == null) {
      reader = RecordReader.openUnchecked(Segment.file(directory, extent.segment()), ledger);
      readers.put(extent.segment(), reader);
    }
    new Walk(reader, extent, host, known, visitor).run();
  }

  @Override
  public void close() throws IOException {
    for (RecordReader reader : readers.values()) {
      reader.close();
    }
  }

  /** One extent. */
  private static final class Walk {
    private final RecordReader reader;
    private final ExtentName extent;
    private final int host;
    private final Known known;
    private final UrlVisitor visitor;
    private final int total;
    private int shown;

    Walk(RecordReader reader, ExtentName extent, int host, Known known, UrlVisitor visitor) {
      this.reader = reader;
      this.extent = extent;
      this.host = host;
      this.known = known;
      this.visitor = visitor;
      this.total = extent.skip() + extent.count();
    }

    void run() throws IOException {
      for (long at = extent.offset(); shown < total; ) {
        Block block = sound(at);
        if (block == null) {
          at = passGap(at);
        } else {
          at = block.end();
          while (block.taken() < block.count()) {
            show(block.next());
          }
        }
      }
    }

    /** The block at {@code at}, if it is sound and of this host and class; else null. */
    private @Nullable Block sound(long at) throws IOException {
      try {
        reader.seek(at);
        return reader.type() == Segment.BLOCK ? own(block()) : null;
      } catch (DamagedFileException | IllegalStateException e) {
        return null;
      }
    }

    private Block block() {
      return new Block(reader.payload(), reader.nextOffset());
    }

    private @Nullable Block own(Block block) {
      boolean ours =
          (host < 0 || block.host() == host) && block.classNumber() == extent.classNumber();
      return ours ? block : null;
    }

    /** Reports a placeholder for each lost URL, and returns where to continue. */
    private long passGap(long at) throws IOException {
      List<PackedUrl> decoded = decode(at);
      long claimed = reader.claimedEnd(at);
      if (decoded != null && claimed > at) {
        showAll(decoded);
        return claimed;
      }
      long next = nextOwn(at);
      lose(total - shown - (next < 0 ? 0 : countFrom(next)));
      return next;
    }

    /** The URLs of a broken block, at their positions; null if its head is invalid. */
    private @Nullable List<PackedUrl> decode(long at) throws IOException {
      Decoder payload = reader.unchecked(at);
      if (payload == null) {
        return null;
      }
      List<PackedUrl> urls = new ArrayList<>();
      int count = 0;
      try {
        Block block = new Block(payload, at);
        if (own(block) == null || block.count() > total - shown) {
          return null;
        }
        for (count = block.count(); urls.size() < count; ) {
          PackedUrl url = block.next();
          urls.add(known.isKnown(url) ? url : LOST);
        }
      } catch (IllegalStateException | ArithmeticException | IndexOutOfBoundsException e) {
        while (urls.size() < count) {
          urls.add(LOST);
        }
      }
      return urls.isEmpty() ? null : urls;
    }

    /**
     * Where the next sound block of this host and class begins after a gap; -1 if there is none.
     */
    private long nextOwn(long at) throws IOException {
      try {
        reader.seek(at);
      } catch (DamagedFileException e) {
        if (!reader.nextSound()) {
          return -1;
        }
      }
      boolean ours = host >= 0 && reader.type() == Segment.BLOCK && own(block()) != null;
      return ours ? reader.offset() : -1;
    }

    /** The number of URLs in the sound blocks of this host and class from {@code at} on. */
    private int countFrom(long at) throws IOException {
      int count = 0;
      for (Block block = sound(at); block != null; block = sound(block.end())) {
        count += block.count();
      }
      return count;
    }

    private void showAll(List<PackedUrl> urls) throws IOException {
      for (PackedUrl url : urls) {
        show(url);
      }
    }

    private void lose(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        show(LOST);
      }
    }

    private void show(PackedUrl url) throws IOException {
      if (shown >= extent.skip() && shown < total) {
        visitor.visit(extent.classNumber(), url);
      }
      shown++;
    }
  }
}
