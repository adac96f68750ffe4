package io.sluice.frontier.queue;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The segments of a shard whose files are open: so many at most, however many segments wait for
 * their merge. The one that was read longest ago is closed for another and opened again when it is
 * read again. Confined to its shard's thread.
 */
final class OpenSegments {

  private final int most;

  /** The one read longest ago first. */
  private final Set<Segment> open = new LinkedHashSet<>();

  /**
   * @param most files open at a time, at least 1
   */
  OpenSegments(int most) {
    this.most = most;
  }

  /** A segment is about to open its file. */
  void opening(Segment segment) throws IOException {
    if (open.size() >= most) {
      Segment oldest = open.iterator().next();
      open.remove(oldest);
      oldest.closeFile();
    }
    open.add(segment);
  }

  /** A segment whose file is open is about to be read. */
  void reading(Segment segment) {
    open.remove(segment);
    open.add(segment);
  }

  /** A segment's file was closed. */
  void closed(Segment segment) {
    open.remove(segment);
  }
}
