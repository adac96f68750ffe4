package io.sluice.parser.extract;

import java.util.Arrays;

/**
 * Collects text with its whitespace collapsed: a run of it becomes one space, or one line feed
 * where a block ended in it; none stands at the start or end. Bounded in UTF-8 bytes; what is
 * beyond is left away. Used again for page after page. Confined to its extractor's thread.
 */
final class TextBuffer {

  private static final int INITIAL = 16 << 10;
  private static final char NONE = '\0';
  private static final char NO_BREAK_SPACE = '\u00A0';

  private final int maxBytes;
  private char[] chars = new char[INITIAL];
  private int length;
  private int bytes;
  private char pending;
  private boolean cut;

  TextBuffer(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Forgets the content. */
  void clear() {
    length = 0;
    bytes = 0;
    pending = NONE;
    cut = false;
  }

  /** A word ends here. */
  void space() {
    if (pending == NONE) {
      pending = ' ';
    }
  }

  /** A line ends here. */
  void lineBreak() {
    pending = '\n';
  }

  /**
   * Appends text.
   *
   * @param keepLines whether a line feed in it ends a line, as in a {@code pre} element
   */
  void append(String text, boolean keepLines) {
    if (cut) {
      return;
    }
    // Whitespace before a word takes the place of whitespace in the text, but for one before it.
    reserve(Math.min(text.length(), maxBytes - bytes) + 2);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > ' ' && c != NO_BREAK_SPACE) {
        if (pending != NONE) {
          flushPending();
        }
        bytes += utf8Bytes(c);
        if (bytes > maxBytes) {
          cutHere();
          return;
        }
        chars[length++] = c;
      } else if (c == '\n' && keepLines) {
        pending = '\n';
      } else if (pending == NONE) {
        pending = ' ';
      }
    }
  }

  private void flushPending() {
    if (length > 0) {
      chars[length++] = pending;
      bytes++;
    }
    pending = NONE;
  }

  /** Drops what a cut would leave behind: a lone surrogate, whitespace. */
  private void cutHere() {
    cut = true;
    while (length > 0
        && (Character.isHighSurrogate(chars[length - 1]) || chars[length - 1] <= ' ')) {
      length--;
    }
  }

  private void reserve(int count) {
    if (chars.length - length < count) {
      chars = Arrays.copyOf(chars, Math.max(chars.length * 2, length + count));
    }
  }

  /** Each half of a surrogate pair counts two, which makes the pair's four. */
  private static int utf8Bytes(char c) {
    if (c < 0x80) {
      return 1;
    }
    return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }

  boolean isEmpty() {
    return length == 0;
  }

  /** Whether the text was longer than the bound. */
  boolean cut() {
    return cut;
  }

  @Override
  public String toString() {
    return new String(chars, 0, length);
  }
}
