package io.sluice.parser.extract;

import java.util.Arrays;

/**
 * Extracts the text of elements from the page's text while that is gathered: an element's text is
 * everything appended between its start and its end. Elements may be nested. Confined to its page's
 * extraction.
 */
final class Passages {

  /** Maximum length of a passage, in characters; the rest is left out. */
  static final int MAX_LENGTH = 256;

  /** The key of an element whose text is not wanted; also the result if no element is open. */
  static final int NONE = -1;

  private final TextBuffer text;
  private int[] keys = new int[8];
  private int[] starts = new int[8];
  private int size;

  Passages(TextBuffer text) {
    this.text = text;
  }

  /** Begins an element that is identified by {@code key}. */
  void begin(int key) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, size * 2);
      starts = Arrays.copyOf(starts, size * 2);
    }
    keys[size] = key;
    starts[size++] = text.length();
  }

  /** Ends the innermost element; returns its key, or {@link #NONE} if none is open. */
  int end() {
    return size == 0 ? NONE : keys[--size];
  }

  /** The text of the element that ended last, on one line; empty if it has none. */
  String ended() {
    return text.line(starts[size], MAX_LENGTH);
  }
}
