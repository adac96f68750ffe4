package io.sluice.parser.extract;

import io.sluice.parser.scan.TextRun;
import java.util.Arrays;

/**
 * Collects text with its whitespace collapsed: a run of whitespace becomes one space, or one line
 * feed if a block ended in it, and is dropped at the start and end. Bounded in UTF-8 bytes; the
 * rest is cut off. Reused for page after page. Confined to its extractor's thread.
 */
final class TextBuffer {

  private static final char DELETE = '\u007F';
  private static final int INITIAL = 16 << 10;

  /** Maximum number of UTF-8 bytes per char; a surrogate pair takes four for its two. */
  private static final int MOST_BYTES = 3;

  /** Number of characters of a run for which room is reserved before the run's end is known. */
  private static final int RUN = 1 << 10;

  /**
   * The space, and the other ASCII characters that neither end a run of text nor are whitespace.
   */
  private static final boolean[] PLAIN = new boolean[DELETE];

  static {
    Arrays.fill(PLAIN, ' ', DELETE, true);
    PLAIN['<'] = false;
    PLAIN['&'] = false;
  }

  private static final char[] NOTHING = new char[0];
  private static final char NONE = '\0';
  private static final char NO_BREAK_SPACE = '\u00A0';

  private final int maxBytes;
  private char[] chars = new char[INITIAL];
  private char[] copied = NOTHING;
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

  /** Notes that a word ends here. */
  void space() {
    if (pending == NONE) {
      pending = ' ';
    }
  }

  /** Notes that a line ends here. */
  void lineBreak() {
    pending = '\n';
  }

  /**
   * Appends text.
   *
   * @param keepLines whether a line feed in it ends a line, as in a {@code pre} element
   */
  void append(String text, boolean keepLines) {
    if (copied.length < text.length()) {
      copied = new char[text.length()];
    }
    text.getChars(0, text.length(), copied, 0);
    append(copied, 0, text.length(), keepLines);
    if (copied.length > INITIAL) {
      copied = NOTHING;
    }
  }

  /** Appends text as {@link #append(String, boolean)} does. */
  void append(char[] text, int from, int to, boolean keepLines) {
    if (cut) {
      return;
    }
    // Room for one more space, before the first word: the others replace whitespace in the text.
    reserve(Math.min(to - from, maxBytes - bytes) + 2);
    boolean fits = (to - from + 1L) * MOST_BYTES <= maxBytes - bytes;
    int at = from;
    while (at < to && !cut) {
      int end = fits ? words(text, at, to, keepLines) : asciiEnd(text, at, to);
      if (end == at) {
        at += appendOther(text, at, to, keepLines);
      } else {
        if (!fits) {
          flushPending();
          putRun(text, at, end);
        }
        at = end;
      }
    }
  }

  /**
   * Appends a run of text, finding its end while copying.
   *
   * @return where the run ends
   * @see TextRun
   */
  int appendRun(char[] text, int from, boolean keepLines) {
    int at = from;
    if (!cut && (RUN + 1) * MOST_BYTES <= maxBytes - bytes) {
      reserve(RUN + 2);
      at = words(text, at, Math.min(text.length, from + RUN), keepLines);
      if (text[at] == '<' || text[at] == '&') {
        return at;
      }
    }
    int end = TextRun.end(text, at);
    append(text, at, end, keepLines);
    return end;
  }

  /**
   * Appends ASCII text for which room is reserved; returns where it ends: at {@code to}, or before
   * a character that ends a run or is not plain ASCII.
   */
  private int words(char[] text, int from, int to, boolean keepLines) {
    char[] out = chars;
    int begin = length;
    int n = begin;
    int at = from;
    char parting = pending;
    while (at < to) {
      char c = text[at];
      if (c > ' ') {
        if (!isPlain(c)) {
          break;
        }
        if (parting != NONE && n > 0) {
          out[n++] = parting;
        }
        parting = NONE;
        char before;
        do {
          out[n++] = c;
          before = c;
          at++;
          c = at < to ? text[at] : NONE;
          // Single spaces are copied too: a branch at the end of each word would be the main cost.
        } while (isPlain(c) && (c | before) != ' ');
        if (before == ' ') {
          parting = before;
          n--;
        }
      } else if (c == NONE) {
        break;
      } else {
        if (c == '\n' && keepLines) {
          parting = c;
        } else if (parting == NONE) {
          parting = ' ';
        }
        at++;
      }
    }
    pending = parting;
    length = n;
    bytes += n - begin;
    return at;
  }

  private static boolean isPlain(char c) {
    return c < DELETE && PLAIN[c];
  }

  /**
   * The end of ASCII words separated by single spaces, which is most text and can be copied whole.
   */
  private static int asciiEnd(char[] text, int from, int to) {
    int at = from;
    while (at < to) {
      char c = text[at];
      boolean spaceBeforeWord = c == ' ' && at > from && isAsciiWord(text, at + 1, to);
      if (!spaceBeforeWord && (c <= ' ' || c >= DELETE)) {
        break;
      }
      at++;
    }
    return at;
  }

  private static boolean isAsciiWord(char[] text, int at, int to) {
    return at < to && text[at] > ' ' && text[at] < DELETE;
  }

  private void putRun(char[] text, int from, int end) {
    int fits = Math.min(end - from, Math.max(0, maxBytes - bytes));
    System.arraycopy(text, from, chars, length, fits);
    length += fits;
    bytes += fits;
    if (fits < end - from) {
      cutHere();
    }
  }

  /**
   * Appends a character that is not part of an ASCII word; returns how many chars of {@code text}
   * it takes.
   */
  private int appendOther(char[] text, int at, int to, boolean keepLines) {
    char c = text[at];
    if (c == '\n' && keepLines) {
      pending = '\n';
    } else if (c <= ' ' || c == NO_BREAK_SPACE) {
      space();
    } else if (!Character.isSurrogate(c)) {
      put(c, c < 0x80 ? 1 : c < 0x800 ? 2 : 3);
    } else if (at + 1 < to && Character.isSurrogatePair(c, text[at + 1])) {
      put(c, 4);
      put(text[at + 1], 0);
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

  /** Cuts the text here, and removes trailing whitespace. */
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

  /** Length of the text in characters, without pending whitespace. */
  int length() {
    return length;
  }

  /**
   * The text from a position to the end, on one line and without whitespace around it.
   *
   * @param from start position; may be past the end if the text was cut
   * @param max maximum number of characters; no surrogate pair is cut in two
   */
  String line(int from, int max) {
    int begin = Math.min(from, length);
    if (begin < length && chars[begin] <= ' ') {
      begin++; // there is at most one: whitespace has been collapsed
    }
    int end = Math.min(length, begin + max);
    if (end < length && end > begin && Character.isHighSurrogate(chars[end - 1])) {
      end--;
    }
    return new String(chars, begin, end - begin).replace('\n', ' ').strip();
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
