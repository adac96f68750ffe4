package io.sluice.frontier.queue;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Bounds the number of a shard's segments with open files, even while many segments are waiting to
 * be merged. To open another one, the least recently read file is closed; it is opened again when
 * it is read. Confined to its shard's thread.
 */
final class OpenSegments {

  private final int most;

  /** Segments with open files, least recently read first. */
  private final Set<Segment> open = new LinkedHashSet<>();

  /**
   * @param most maximum number of open files, at least 1
   */
  OpenSegments(int most) {
    this.most = most;
  }

  /** Makes room for a segment that is about to open its file. */
  void opening(Segment segment) throws IOException {
    if (open.size() >= most) {
      Segment oldest = open.iterator().next();
      open.remove(oldest);
      oldest.closeFile();
    }
    open.add(segment);
  }

  /** Records that a segment whose file is open is about to be read. */
  void reading(Segment segment) {
    open.remove(segment);
    open.add(segment);
  }

  /** Records that a segment's file was closed. */
  void closed(Segment segment) {
    open.remove(segment);
  }
}
