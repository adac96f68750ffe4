package io.sluice.frontier.seen;

import java.io.IOException;
import java.util.List;

/**
 * Reads several runs as one, in ascending order; a fingerprint that is in two of them is reported
 * once. Since runs are few, the lowest head is found by linear search. Confined to one thread.
 */
final class MergingScan {

  /** The scans; those that have a head come first. */
  private final RunScan[] scans;

  private int live;
  private long head;

  /** Starts before the first fingerprint. The files are borrowed. */
  MergingScan(List<RunFile> files) throws IOException {
    scans = new RunScan[files.size()];
    for (RunFile file : files) {
      RunScan scan = new RunScan(file);
      if (scan.advance()) {
        scans[live++] = scan;
      }
    }
  }

  /** Moves to the next fingerprint; false at the end. */
  boolean advance() throws IOException {
    if (live == 0) {
      return false;
    }
    head = scans[0].head();
    for (int i = 1; i < live; i++) {
      head = Math.min(head, scans[i].head());
    }
    for (int i = live - 1; i >= 0; i--) {
      if (scans[i].head() == head && !scans[i].advance()) {
        scans[i] = scans[--live];
      }
    }
    return true;
  }

  /** The fingerprint to which {@link #advance} moved last. */
  long head() {
    return head;
  }
}
