package io.sluice.frontier.queue;

import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The waiting URLs of one host and class: first those given back, then those in segments, then
 * those in memory, each group in the order of arrival. Exists only while a URL is waiting. Confined
 * to its shard's thread.
 */
final class ClassQueue {

  private final int classNumber;
  private @Nullable ClassQueue next;
  private @Nullable ArrayDeque<PackedUrl> returned;
  private @Nullable Extent extents;
  private int head = UrlArena.NONE;
  private int tail = UrlArena.NONE;
  private int inMemory;

  /**
   * @param next the host's queue of the next less urgent class that has one; null for none
   */
  ClassQueue(int classNumber, @Nullable ClassQueue next) {
    this.classNumber = classNumber;
    this.next = next;
  }

  int classNumber() {
    return classNumber;
  }

  @Nullable ClassQueue next() {
    return next;
  }

  void next(@Nullable ClassQueue lower) {
    next = lower;
  }

  boolean isEmpty() {
    return returned == null && extents == null && inMemory == 0;
  }

  long size() {
    long size = inMemory;
    size += returned == null ? 0 : returned.size();
    for (Extent extent = extents; extent != null; extent = extent.next()) {
      size += extent.count();
    }
    return size;
  }

  @Nullable Extent extents() {
    return extents;
  }

  /** URLs in memory, except those given back. */
  int inMemory() {
    return inMemory;
  }

  void append(UrlArena arena, PackedUrl url) {
    append(arena, arena.add(url));
  }

  private void append(UrlArena arena, int address) {
    if (head == UrlArena.NONE) {
      head = address;
    } else {
      arena.link(tail, address);
    }
    tail = address;
    inMemory++;
  }

  void append(Extent extent) {
    if (extents == null) {
      extents = extent;
      return;
    }
    Extent last = extents;
    for (Extent after = last.next(); after != null; after = last.next()) {
      last = after;
    }
    last.next(extent);
  }

  void putBack(PackedUrl url) {
    returned().addFirst(url);
  }

  /** Puts a URL after those given back and before all others. */
  void putBehindReturned(PackedUrl url) {
    returned().addLast(url);
  }

  private ArrayDeque<PackedUrl> returned() {
    ArrayDeque<PackedUrl> urls = returned;
    if (urls == null) {
      urls = new ArrayDeque<>(2);
      returned = urls;
    }
    return urls;
  }

  /** Takes the first URL; there must be one. */
  PackedUrl poll(UrlArena arena) throws IOException {
    if (returned != null) {
      PackedUrl url = returned.removeFirst();
      returned = returned.isEmpty() ? null : returned;
      return url;
    }
    if (extents != null) {
      PackedUrl url = extents.poll();
      extents = extents.count() == 0 ? extents.next() : extents;
      return url;
    }
    PackedUrl url = arena.get(head);
    head = arena.next(head);
    tail = head == UrlArena.NONE ? head : tail;
    inMemory--;
    return url;
  }

  /** Whether {@link #poll} would take a URL that is in the arena. */
  boolean pollsMemory() {
    return returned == null && extents == null;
  }

  /** Moves the URLs in memory to another arena. */
  void move(UrlArena from, UrlArena to) {
    int address = head;
    head = UrlArena.NONE;
    tail = UrlArena.NONE;
    inMemory = 0;
    for (; address != UrlArena.NONE; address = from.next(address)) {
      append(to, to.add(from.get(address)));
    }
  }

  /** Writes the URLs in memory to a segment; returns the offset of the first. */
  long spill(UrlArena from, int host, SegmentWriter to) throws IOException {
    to.begin(host, classNumber);
    for (int address = head; address != UrlArena.NONE; address = from.next(address)) {
      to.add(from.get(address));
    }
    return to.end();
  }

  /** Records that the URLs in memory have been written to the given segment. */
  void spilled(Segment segment, long offset) {
    append(new Extent(segment, offset, 0, inMemory));
    segment.addLive(inMemory);
    forgetMemory();
  }

  /** Drops the URLs in memory, except those given back. */
  void forgetMemory() {
    head = UrlArena.NONE;
    tail = UrlArena.NONE;
    inMemory = 0;
  }

  /**
   * Passes each waiting URL to the visitor, first to last, until it returns false; returns whether
   * it never did.
   */
  boolean visit(UrlArena arena, UrlVisitor visitor) throws IOException {
    if (!visitReturned(visitor)) {
      return false;
    }
    for (Extent extent = extents; extent != null; extent = extent.next()) {
      if (!extent.visit(extent.segment(), classNumber, visitor)) {
        return false;
      }
    }
    return visitMemory(arena, visitor);
  }

  /** Passes to the visitor, until it returns false, the URLs that were given back. */
  boolean visitReturned(UrlVisitor visitor) throws IOException {
    if (returned != null) {
      for (PackedUrl url : returned) {
        if (!visitor.visit(classNumber, url)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Passes to the visitor, until it returns false, the URLs in memory that were not given back. */
  boolean visitMemory(UrlArena arena, UrlVisitor visitor) throws IOException {
    for (int address = head; address != UrlArena.NONE; address = arena.next(address)) {
      if (!visitor.visit(classNumber, arena.get(address))) {
        return false;
      }
    }
    return true;
  }

  void extents(@Nullable Extent first) {
    extents = first;
  }
}
