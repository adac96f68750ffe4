package io.sluice.parser.scan;

/**
 * Reads one tag: its name and attributes (HTML standard, 13.2.5.8 and 13.2.5.32 to 13.2.5.40).
 * Confined to its tokenizer's thread.
 */
final class TagScanner {

  /** The page ended within the tag, which is then dropped. */
  static final int CUT_OFF = -1;

  private char[] buffer = new char[1];
  private int end;

  /**
   * Sets the page.
   *
   * @param length its length in characters; U+0000 follows them
   */
  void page(char[] page, int length) {
    buffer = page;
    end = length;
  }

  /**
   * Reads the tag whose name begins at {@code at}.
   *
   * @return the position after it, or {@link #CUT_OFF}
   */
  int read(int at, TagToken into) {
    char[] b = buffer;
    long key = 0;
    int p = at;
    for (char c = b[p]; AsciiCase.isLetter(c); c = b[++p]) {
      key = TagNames.packLetter(key, c);
    }
    for (char c = b[p]; !endsName(c) && (c != 0 || p < end); c = b[++p]) {
      key = TagNames.pack(key, c);
    }
    into.begin(b, TagNames.of(key, b, at, p), at, p);
    return b[p] == '>' ? p + 1 : attributes(p, into);
  }

  private static boolean endsName(char c) {
    return c <= '>' && (c == '>' || c == '/' || AsciiCase.isSpace(c));
  }

  private int attributes(int from, TagToken into) {
    char[] b = buffer;
    boolean keeps = into.keepsAttributes();
    int p = from;
    while (true) {
      p = pastSpace(p);
      char c = b[p];
      if (c == '>') {
        into.end(p);
        return p + 1;
      }
      if (c == '/') {
        if (b[++p] == '>') {
          into.selfClosing(true);
          into.end(p);
          return p + 1;
        }
        continue;
      }
      if (p >= end) {
        return CUT_OFF;
      }
      int name = p;
      p = nameEnd(p + 1);
      int nameEnd = p;
      p = pastSpace(p);
      int value = p;
      int valueEnd = p;
      if (b[p] == '=') {
        value = pastSpace(p + 1);
        char quote = b[value];
        if (quote == '"' || quote == '\'') {
          value++;
          valueEnd = quoteEnd(value, quote);
          p = valueEnd + 1;
        } else {
          valueEnd = quote == '>' ? value : unquotedEnd(value);
          p = valueEnd;
        }
        if (p > end) {
          return CUT_OFF;
        }
      }
      if (keeps) {
        into.attribute(name, nameEnd, value, valueEnd);
      }
    }
  }

  private int pastSpace(int at) {
    int p = at;
    while (AsciiCase.isSpace(buffer[p])) {
      p++;
    }
    return p;
  }

  private int nameEnd(int at) {
    char[] b = buffer;
    int p = at;
    for (char c = b[p]; !endsName(c) && c != '=' && (c != 0 || p < end); c = b[++p]) {}
    return p;
  }

  private int quoteEnd(int at, char quote) {
    char[] b = buffer;
    int p = at;
    for (char c = b[p]; c != quote && (c != 0 || p < end); c = b[++p]) {}
    return p;
  }

  private int unquotedEnd(int at) {
    char[] b = buffer;
    int p = at;
    for (char c = b[p]; c != '>' && !AsciiCase.isSpace(c) && (c != 0 || p < end); c = b[++p]) {}
    return p;
  }
}
