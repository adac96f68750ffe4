package io.sluice.parser.scan;

/**
 * Reads comments and CDATA sections (HTML standard, 13.2.5.41 to 13.2.5.52 and 13.2.5.69 to
 * 13.2.5.71). Thread-safe: stateless.
 */
final class Comments {

  static final String DOCTYPE = "doctype";
  static final String CDATA = "[CDATA[";

  private Comments() {}

  /**
   * Reads a comment.
   *
   * @param from the position after {@code <!--}
   * @return the position after it
   */
  static int read(char[] b, int from, int end, TokenSink sink) {
    if (b[from] == '>') {
      sink.comment(b, from, from);
      return from + 1;
    }
    if (b[from] == '-' && b[from + 1] == '>') {
      sink.comment(b, from, from);
      return from + 2;
    }
    for (int p = from; p < end; p++) {
      if (b[p] == '-' && b[p + 1] == '-') {
        int close = b[p + 2] == '!' ? p + 3 : p + 2;
        if (b[close] == '>') {
          sink.comment(b, from, p);
          return close + 1;
        }
      }
    }
    sink.comment(b, from, unfinished(b, from, end));
    return end;
  }

  /**
   * The end of a comment's text if the page ends within the comment: an unfinished closing sequence
   * is not part of it.
   */
  private static int unfinished(char[] b, int from, int end) {
    if (end - from >= 3 && b[end - 1] == '!' && b[end - 2] == '-' && b[end - 3] == '-') {
      return end - 3;
    }
    int dashes = 0;
    while (dashes < 2 && end - dashes > from && b[end - dashes - 1] == '-') {
      dashes++;
    }
    return end - dashes;
  }

  /** Reads a comment that only a greater-than sign ends. */
  static int readBogus(char[] b, int from, int end, TokenSink sink) {
    int p = from;
    while (p < end && b[p] != '>') {
      p++;
    }
    sink.comment(b, from, p);
    return p < end ? p + 1 : end;
  }

  static boolean beginsCdata(char[] b, int at) {
    for (int i = 0; i < CDATA.length(); i++) {
      if (at + i >= b.length || b[at + i] != CDATA.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads a CDATA section's text.
   *
   * @return the position after it
   */
  static int readCdata(char[] b, int from, int end, TokenSink sink) {
    int text = from;
    int p = from;
    while (p < end && !(b[p] == ']' && b[p + 1] == ']' && p + 2 < end && b[p + 2] == '>')) {
      if (b[p] == 0) {
        give(b, text, p, sink);
        sink.nul();
        text = p + 1;
      }
      p++;
    }
    give(b, text, p, sink);
    return p < end ? p + 3 : end;
  }

  private static void give(char[] b, int from, int to, TokenSink sink) {
    if (to > from) {
      sink.characters(b, from, to);
    }
  }
}
