package io.sluice.frontier.queue;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * URLs of one host and class that wait in consecutive blocks of a segment, and how many of them
 * were taken. Confined to its shard's thread.
 */
final class Extent {

  private final Segment segment;
  private long offset;
  private int skip;
  private int count;
  private @Nullable Extent next;

  /**
   * @param offset where a block begins
   * @param skip number of URLs from there on that have been taken
   * @param count number of URLs that are waiting after those
   */
  Extent(Segment segment, long offset, int skip, int count) {
    this.segment = segment;
    this.offset = offset;
    this.skip = skip;
    this.count = count;
  }

  Segment segment() {
    return segment;
  }

  long offset() {
    return offset;
  }

  int skip() {
    return skip;
  }

  /** The number of waiting URLs. */
  int count() {
    return count;
  }

  @Nullable Extent next() {
    return next;
  }

  void next(@Nullable Extent extent) {
    next = extent;
  }

  /** Takes the first URL. */
  PackedUrl poll() throws IOException {
    Block block = block();
    PackedUrl url = block.next();
    segment.taken();
    count--;
    skip++;
    if (skip == block.count()) {
      offset = block.end();
      skip = 0;
    }
    return url;
  }

  /** The block of the first URL, moved past the URLs that were taken. */
  private Block block() throws IOException {
    Block block = segment.block(offset, skip);
    while (skip >= block.count()) {
      skip -= block.count();
      offset = block.end();
      block = segment.block(offset, skip);
    }
    return block;
  }

  /**
   * Passes the URLs to the visitor, first to last, until it returns false, without taking any.
   *
   * @param source the segment, or the same one opened again
   * @return whether the visitor wants more
   */
  boolean visit(Segment source, int classNumber, UrlVisitor visitor) throws IOException {
    long at = offset;
    int passed = skip;
    for (int left = count; left > 0; ) {
      Block block = source.block(at, passed);
      for (; left > 0 && block.taken() < block.count() && passed < block.count(); left--) {
        if (!visitor.visit(classNumber, block.next())) {
          return false;
        }
      }
      passed = Math.max(0, passed - block.count());
      at = block.end();
    }
    return true;
  }
}
