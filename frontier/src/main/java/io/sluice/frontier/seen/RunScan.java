package io.sluice.frontier.seen;

import java.io.IOException;

/**
 * Reads a run from its first fingerprint to its last and verifies all of it. The file is borrowed.
 * Confined to one thread.
 */
final class RunScan {

  /** Maximum memory of a scan, in bytes. */
  static final long MEMORY_BYTES = (PageWindow.PAGES + 1L) * RunFile.PAGE_BYTES;

  private final RunFile file;
  private final int pages;
  private final PageWindow window;
  private final long[] keys = new long[RunFile.PAGE_KEYS];
  private int nextPage;
  private int loadedPages;
  private int at;
  private int keysLeftInPage;
  private long keysLeft;
  private long head = Long.MIN_VALUE;

  /** Starts before the first fingerprint: call {@link #advance} first. */
  RunScan(RunFile file) {
    this.file = file;
    this.pages = RunFile.pages(file.name().count());
    this.window = PageWindow.inHeap(Math.min(PageWindow.PAGES, pages));
    this.keysLeft = file.name().count();
  }

  /**
   * Moves to the next fingerprint; false at the end.
   *
   * @throws io.sluice.frontier.journal.DamagedFileException if a page is damaged
   */
  boolean advance() throws IOException {
    if (keysLeftInPage == 0 && !nextPage()) {
      return false;
    }
    keysLeftInPage--;
    head = keys[at++];
    return true;
  }

  /** The fingerprint to which {@link #advance} moved last. */
  long head() {
    return head;
  }

  private boolean nextPage() throws IOException {
    if (keysLeft == 0) {
      return false;
    }
    if (nextPage == loadedPages) {
      int count = Math.min(window.maxPages(), pages - nextPage);
      window.read(file, nextPage, count);
      loadedPages += count;
    }
    window.check(file, nextPage);
    keysLeftInPage = (int) Math.min(keys.length, keysLeft);
    keysLeft -= keysLeftInPage;
    window.copy(nextPage, keys, keysLeftInPage);
    checkOrder();
    nextPage++;
    at = 0;
    return true;
  }

  private void checkOrder() throws IOException {
    boolean ascending = nextPage == 0 || keys[0] > head;
    for (int i = 1; i < keysLeftInPage; i++) {
      ascending &= keys[i] > keys[i - 1];
    }
    if (!ascending) {
      throw file.damaged(RunFile.offset(nextPage), "its fingerprints are out of order");
    }
  }
}
