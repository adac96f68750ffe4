package io.sluice.frontier.seen;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.zip.CRC32C;

/** Some neighbouring pages of a run, in memory. Confined to one thread. */
final class PageWindow {

  /** Maximum number of pages read at once: 64 KiB; larger reads are not cheaper. */
  static final int PAGES = 64;

  private final ByteBuffer bytes;
  private final LongBuffer words;
  private final CRC32C crc = new CRC32C();
  private int first;

  private PageWindow(ByteBuffer buffer) {
    bytes = buffer;
    words = buffer.asLongBuffer();
  }

  /** A window on the heap. */
  static PageWindow inHeap(int maxPages) {
    return new PageWindow(ByteBuffer.allocate(maxPages * RunFile.PAGE_BYTES));
  }

  /**
   * A window outside the heap, which saves a copy for small reads; freed by the garbage collector
   * some time after its last use.
   */
  static PageWindow direct(int maxPages) {
    return new PageWindow(ByteBuffer.allocateDirect(maxPages * RunFile.PAGE_BYTES));
  }

  int maxPages() {
    return bytes.capacity() / RunFile.PAGE_BYTES;
  }

  long memoryBytes() {
    return bytes.capacity();
  }

  /** Reads pages in one read; {@link #check} each page before using it. */
  void read(RunFile file, int firstPage, int count) throws IOException {
    first = firstPage;
    bytes.clear().limit(count * RunFile.PAGE_BYTES);
    file.readPages(firstPage, bytes);
  }

  /** Throws an exception if the page is damaged. */
  void check(RunFile file, int page) throws IOException {
    int start = (page - first) * RunFile.PAGE_BYTES;
    int sum = start + RunFile.PAGE_BYTES - Integer.BYTES;
    if (bytes.getInt(sum - Integer.BYTES) != page || bytes.getInt(sum) != checksum(start)) {
      throw file.damaged(RunFile.offset(page), "a page is corrupt");
    }
  }

  private int checksum(int start) {
    int limit = bytes.limit();
    bytes.limit(start + RunFile.PAGE_BYTES - Integer.BYTES).position(start);
    crc.reset();
    crc.update(bytes);
    bytes.limit(limit);
    return (int) crc.getValue();
  }

  /** Whether a checked page contains a key. */
  boolean holds(RunIndex index, int page, long key) {
    int from = (page - first) * RunFile.PAGE_WORDS;
    int to = from + index.keysOf(page);
    int at = SortedLongs.floor(words, from, to, key, from + index.guess(page, key));
    return at >= from && words.get(at) == key;
  }

  /** Copies a page's first words. */
  void copy(int page, long[] to, int count) {
    words.get((page - first) * RunFile.PAGE_WORDS, to, 0, count);
  }

  /** Appends a page with its checksum. */
  void put(int page, long[] keys) {
    int start = (page - first) * RunFile.PAGE_BYTES;
    words.put((page - first) * RunFile.PAGE_WORDS, keys, 0, RunFile.PAGE_KEYS);
    int number = start + RunFile.PAGE_BYTES - Long.BYTES;
    bytes.putInt(number, page);
    bytes.putInt(number + Integer.BYTES, checksum(start));
  }

  /**
   * The pages put so far, from the window's first page up to {@code page}, exclusive; the window is
   * empty afterwards.
   */
  ByteBuffer take(int page) {
    ByteBuffer taken = bytes.duplicate().position(0).limit((page - first) * RunFile.PAGE_BYTES);
    first = page;
    return taken;
  }

  /** Whether there is no room for a further page. */
  boolean full(int page) {
    return page - first == maxPages();
  }
}
