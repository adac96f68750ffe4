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
  private static final char DELETE = '\u007F';
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
    int at = 0;
    while (at < text.length() && !cut) {
      int end = runEnd(text, at);
      if (end > at) {
        flushPending();
        putRun(text, at, end);
        at = end;
      } else {
        at += appendOther(text, at, keepLines);
      }
    }
  }

  /** Where ASCII words parted by single spaces end: most text, and it can be copied whole. */
  private static int runEnd(String text, int from) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean spaceBeforeWord = c == ' ' && at > from && isAsciiWord(text, at + 1);
      if (!spaceBeforeWord && (c <= ' ' || c >= DELETE)) {
        break;
      }
      at++;
    }
    return at;
  }

  private static boolean isAsciiWord(String text, int at) {
    return at < text.length() && text.charAt(at) > ' ' && text.charAt(at) < DELETE;
  }

  private void putRun(String text, int from, int end) {
    int fits = Math.min(end - from, Math.max(0, maxBytes - bytes));
    text.getChars(from, from + fits, chars, length);
    length += fits;
    bytes += fits;
    if (fits < end - from) {
      cutHere();
    }
  }

  /** Appends what is no ASCII word; gives how many characters of {@code text} that was. */
  private int appendOther(String text, int at, boolean keepLines) {
    char c = text.charAt(at);
    if (c == '\n' && keepLines) {
      pending = '\n';
    } else if (c <= ' ' || c == NO_BREAK_SPACE) {
      space();
    } else if (!Character.isSurrogate(c)) {
      put(c, c < 0x80 ? 1 : c < 0x800 ? 2 : 3);
    } else if (WellFormed.isPair(text, at)) {
      put(c, 4);
      put(text.charAt(at + 1), 0);
      return 2;
    } else {
      put(WellFormed.REPLACEMENT, 3);
    }
    return 1;
  }

  private void put(char c, int utf8Bytes) {
    flushPending();
    bytes += utf8Bytes;
    if (bytes <= maxBytes) {
      chars[length++] = c;
    } else {
      cutHere();
    }
  }

  /** Leaves away what follows, and whitespace before it. */
  private void cutHere() {
    cut = true;
    while (length > 0 && chars[length - 1] <= ' ') {
      length--;
    }
  }

  private void reserve(int count) {
    if (chars.length - length < count) {
      chars = Arrays.copyOf(chars, Math.max(chars.length * 2, length + count));
    }
  }

  private void flushPending() {
    if (pending != NONE) {
      if (length > 0) {
        chars[length++] = pending;
        bytes++;
      }
      pending = NONE;
    }
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
