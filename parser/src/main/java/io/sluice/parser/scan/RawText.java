package io.sluice.parser.scan;

/**
 * Reads the text of an element that holds no other elements, up to its own end tag: RCDATA, RAWTEXT
 * and PLAINTEXT (HTML standard, 13.2.5.2 to 13.2.5.14), and script data with its escapes (13.2.5.4,
 * 13.2.5.15 to 13.2.5.31). Confined to its tokenizer's thread.
 */
final class RawText {

  private static final String SCRIPT = "script";
  private static final char[] REPLACED = {CharacterReferences.REPLACEMENT};

  /**
   * How deeply a script's text is escaped: a comment escapes it, and a script tag in that comment
   * escapes it twice.
   */
  private enum Escape {
    NONE,
    ONCE,
    TWICE
  }

  private final char[] b;
  private final int end;
  private final String element;
  private final CharacterReferences references;
  private int at;
  private int given;

  /**
   * @param at the beginning of the text
   * @param element the name of the element in lower case
   */
  RawText(char[] buffer, int at, int end, String element, CharacterReferences references) {
    this.b = buffer;
    this.end = end;
    this.element = element;
    this.references = references;
    this.at = at;
    this.given = at;
  }

  /** Where the element's end tag begins, or the end of the page. */
  int after() {
    return at;
  }

  /** Passes the text to {@code sink}, with U+0000 replaced. */
  void read(TextType type, TokenSink sink) {
    switch (type) {
      case RCDATA -> text(true, sink);
      case RAWTEXT -> text(false, sink);
      case SCRIPT -> script(sink);
      case PLAINTEXT -> plain(sink);
      case DATA ->
          throw new IllegalArgumentException("text in the data state is read by the tokenizer");
    }
    give(at, sink);
  }

  private void text(boolean references, TokenSink sink) {
    while (at < end) {
      char c = b[at];
      if (c == '<' && isEndTag(at)) {
        return;
      }
      if (c == 0) {
        replace(sink);
      } else if (c == '&' && references) {
        reference(sink);
      } else {
        at++;
      }
    }
  }

  private void reference(TokenSink sink) {
    int after = references.read(b, at + 1, end, false);
    if (after == CharacterReferences.NONE) {
      at++;
      return;
    }
    give(at, sink);
    sink.characters(references.resolved(), 0, references.length());
    at = after;
    given = after;
  }

  private void plain(TokenSink sink) {
    while (at < end) {
      if (b[at] == 0) {
        replace(sink);
      } else {
        at++;
      }
    }
  }

  private void script(TokenSink sink) {
    Escape escape = Escape.NONE;
    int dashes = 0;
    while (at < end) {
      char c = b[at];
      if (c == '<') {
        if (escape != Escape.TWICE && isEndTag(at)) {
          return;
        }
        if (escape == Escape.NONE && beginsComment(at)) {
          escape = Escape.ONCE;
          at += 4;
          dashes = 2;
          continue;
        }
        escape = afterTag(escape);
      } else if (c == '>' && dashes >= 2) {
        escape = Escape.NONE;
      }
      dashes = c == '-' && escape != Escape.NONE ? dashes + 1 : 0;
      if (c == 0) {
        replace(sink);
      } else {
        at++;
      }
    }
  }

  /** How the tag at this position changes a script's escape. */
  private Escape afterTag(Escape escape) {
    if (escape == Escape.ONCE && isTag(at + 1, SCRIPT)) {
      return Escape.TWICE;
    }
    return escape == Escape.TWICE && b[at + 1] == '/' && isTag(at + 2, SCRIPT)
        ? Escape.ONCE
        : escape;
  }

  private boolean beginsComment(int from) {
    return b[from + 1] == '!' && b[from + 2] == '-' && b[from + 3] == '-';
  }

  /** Whether the end tag of this element begins at {@code from}. */
  private boolean isEndTag(int from) {
    return b[from + 1] == '/' && !element.isEmpty() && isTag(from + 2, element);
  }

  private boolean isTag(int from, String name) {
    if (!AsciiCase.matches(b, from, name)) {
      return false;
    }
    char after = b[from + name.length()];
    return after == '>' || after == '/' || AsciiCase.isSpace(after);
  }

  private void replace(TokenSink sink) {
    give(at, sink);
    sink.characters(REPLACED, 0, 1);
    given = ++at;
  }

  private void give(int to, TokenSink sink) {
    if (to > given) {
      sink.characters(b, given, to);
    }
    given = to;
  }
}
