package io.sluice.parser.scan;

/**
 * Resolves character references (HTML standard, 13.2.5.72 to 13.2.5.80). Confined to its scanner's
 * thread, since it holds the last reference's characters.
 */
final class CharacterReferences {

  /** Result of {@link #read} if there is no reference at the position. */
  static final int NONE = -1;

  static final char REPLACEMENT = '\uFFFD';

  /** Maximum number of characters that one reference yields. */
  private static final int LONGEST = 4;

  /** The characters for references to U+0080 through U+009F: those of windows-1252 (13.2.5.80). */
  private static final String WINDOWS_1252 =
      "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
          + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

  private final EntityTrie entities = EntityTrie.get();
  private final char[] resolved = new char[LONGEST];
  private int length;

  /** The characters of the reference read last; {@link #length} of them. */
  char[] resolved() {
    return resolved;
  }

  int length() {
    return length;
  }

  /**
   * Reads a reference.
   *
   * @param at the position after the ampersand
   * @param end the end of the text
   * @return the position after the reference, or {@link #NONE}
   */
  int read(char[] buffer, int at, int end, boolean inAttribute) {
    if (at < end && buffer[at] == '#') {
      return numeric(buffer, at + 1, end);
    }
    int node = entities.root();
    int found = entities.root();
    int foundEnd = at;
    for (int p = at; p < end; p++) {
      node = entities.next(node, buffer[p]);
      if (node == entities.root()) {
        break;
      }
      if (!entities.value(node).isEmpty()) {
        found = node;
        foundEnd = p + 1;
      }
    }
    if (found == entities.root()) {
      return NONE;
    }
    // Keeps URLs with parameters intact: "&copy=1" in an attribute is not a reference.
    if (inAttribute && buffer[foundEnd - 1] != ';' && foundEnd < end) {
      char next = buffer[foundEnd];
      if (next == '=' || AsciiCase.isLetter(next) || isDigit(next)) {
        return NONE;
      }
    }
    String value = entities.value(found);
    value.getChars(0, value.length(), resolved, 0);
    length = value.length();
    return foundEnd;
  }

  private int numeric(char[] buffer, int at, int end) {
    boolean hex = at < end && (buffer[at] | 0x20) == 'x';
    int base = hex ? 16 : 10;
    int digits = hex ? at + 1 : at;
    int code = 0;
    int p = digits;
    while (p < end && digit(buffer[p]) < base) {
      code = Math.min(Character.MAX_CODE_POINT + 1, code * base + digit(buffer[p]));
      p++;
    }
    if (p == digits) {
      return NONE;
    }
    length = Character.toChars(meant(code), resolved, 0);
    return p < end && buffer[p] == ';' ? p + 1 : p;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** A digit's value; for any other character, more than any base. */
  private static int digit(char c) {
    if (isDigit(c)) {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : Integer.MAX_VALUE;
  }

  private static int meant(int code) {
    if (code == 0
        || code > Character.MAX_CODE_POINT
        || (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE)) {
      return REPLACEMENT;
    }
    return code >= 0x80 && code < 0xA0 ? WINDOWS_1252.charAt(code - 0x80) : code;
  }

  /** An attribute's value with its references resolved and U+0000 replaced. */
  String attributeValue(char[] buffer, int from, int to) {
    String written = new String(buffer, from, to - from);
    if (written.indexOf('&') < 0 && written.indexOf(0) < 0) {
      return written;
    }
    StringBuilder value = new StringBuilder(to - from);
    int p = from;
    while (p < to) {
      char c = buffer[p];
      int after = c == '&' ? read(buffer, p + 1, to, true) : NONE;
      if (after == NONE) {
        value.append(c == 0 ? REPLACEMENT : c);
        p++;
      } else {
        value.append(resolved, 0, length);
        p = after;
      }
    }
    return value.toString();
  }
}
