package io.sluice.parser.scan;

import org.jspecify.annotations.Nullable;

/**
 * Reads a document type (HTML standard, 13.2.5.53 to 13.2.5.68). Confined to its tokenizer's
 * thread.
 */
final class Doctype {

  private static final String PUBLIC = "public";
  private static final String SYSTEM = "system";

  private final char[] buffer;
  private final int end;
  private int at;
  private @Nullable String name;
  private @Nullable String publicId;
  private @Nullable String systemId;
  private boolean forceQuirks;

  /**
   * Reads what follows {@code <!doctype}.
   *
   * @param end the end of the page, where there is a U+0000
   */
  Doctype(char[] buffer, int at, int end) {
    this.buffer = buffer;
    this.end = end;
    this.at = at;
    read();
  }

  /** Its name in lower case; null if it has none. */
  @Nullable String name() {
    return name;
  }

  @Nullable String publicId() {
    return publicId;
  }

  @Nullable String systemId() {
    return systemId;
  }

  /** Whether it is malformed in a way that puts the page into quirks mode. */
  boolean forcesQuirks() {
    return forceQuirks;
  }

  /** The position after the document type. */
  int after() {
    return at;
  }

  private void read() {
    skipSpace();
    if (atEnd()) {
      quirks();
      return;
    }
    int from = at;
    while (!atEnd() && !AsciiCase.isSpace(buffer[at])) {
      at++;
    }
    name = lower(from, at);
    skipSpace();
    if (buffer[at] == '>') {
      at++;
    } else if (AsciiCase.matches(buffer, at, PUBLIC)) {
      at += PUBLIC.length();
      skipSpace();
      publicId = quoted();
      if (publicId != null && !forceQuirks) {
        systemAfterPublic();
      }
    } else if (AsciiCase.matches(buffer, at, SYSTEM)) {
      at += SYSTEM.length();
      skipSpace();
      system();
    } else {
      quirks();
    }
  }

  private void systemAfterPublic() {
    skipSpace();
    if (buffer[at] == '>') {
      at++;
    } else {
      system();
    }
  }

  private void system() {
    systemId = quoted();
    if (systemId != null && !forceQuirks) {
      skipSpace();
      if (at >= end) {
        forceQuirks = true;
      } else {
        skipToClose();
      }
    }
  }

  /** Reads a quoted identifier; if there is none, skips the rest. */
  private @Nullable String quoted() {
    char quote = buffer[at];
    if (at >= end || (quote != '"' && quote != '\'')) {
      quirks();
      return null;
    }
    int from = ++at;
    while (!atEnd() && buffer[at] != quote) {
      at++;
    }
    String id = text(from, at);
    if (buffer[at] == quote) {
      at++;
    } else {
      quirks();
    }
    return id;
  }

  private void quirks() {
    forceQuirks = true;
    skipToClose();
  }

  private void skipToClose() {
    while (!atEnd()) {
      at++;
    }
    at += at < end ? 1 : 0;
  }

  private void skipSpace() {
    while (AsciiCase.isSpace(buffer[at])) {
      at++;
    }
  }

  /** Whether the document type ends here, by its closing bracket or the end of the page. */
  private boolean atEnd() {
    return buffer[at] == '>' || at >= end;
  }

  private String text(int from, int to) {
    return new String(buffer, from, to - from).replace('\0', CharacterReferences.REPLACEMENT);
  }

  private String lower(int from, int to) {
    char[] lower = new char[to - from];
    for (int i = from; i < to; i++) {
      lower[i - from] = AsciiCase.lower(buffer[i]);
    }
    return new String(lower).replace('\0', CharacterReferences.REPLACEMENT);
  }
}
