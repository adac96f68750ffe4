package io.sluice.parser.scan;

/**
 * Splits a page into tokens (HTML standard, 13.2.5). This class handles text and markup of the data
 * state; its neighbours handle tags, declarations and raw text. The page is copied into one buffer,
 * which is reused for the next page, and tokens are ranges of it. Carriage returns are left alone
 * (13.2.3.5), since extraction treats them as whitespace. Takes time proportional to the page's
 * length. Confined to its scanner's thread.
 */
final class Tokenizer {

  /**
   * Maximum length of a buffer that is kept for the next page, in characters; {@code PageMemory}
   * has no room for longer ones.
   */
  static final int KEPT_CHARACTERS = 1 << 17;

  private static final char[] NOTHING = new char[1];

  private final TagScanner tags = new TagScanner();
  private final CharacterReferences references = new CharacterReferences();
  private final TagToken tag;
  private char[] buffer = NOTHING;
  private int end;
  private int at;

  /**
   * @param read the result of {@link TagToken#readTags}
   */
  Tokenizer(boolean[] read) {
    this.tag = new TagToken(references, read);
  }

  /**
   * @param tag is reused for every tag
   */
  Tokenizer(TagToken tag) {
    this.tag = tag;
  }

  /** Passes a page's tokens to {@code sink} until it wants no more. */
  void run(String page, TokenSink sink) {
    run(page, TextType.DATA, "", sink);
  }

  /**
   * Passes on the tokens of a page that begins inside an element's text.
   *
   * @param element the element's name in lower case
   */
  void run(String page, TextType type, String element, TokenSink sink) {
    load(page);
    sink.page(buffer);
    try {
      if (type != TextType.DATA) {
        rawText(type, element, sink);
      }
      data(sink);
      if (!sink.stopped()) {
        sink.end();
      }
    } finally {
      giveUpALongBuffer(sink);
    }
  }

  /** Releases a long page's buffer everywhere; a tree may be built of the page next. */
  private void giveUpALongBuffer(TokenSink sink) {
    if (buffer.length > KEPT_CHARACTERS) {
      buffer = NOTHING;
      tags.page(NOTHING, 0);
      tag.begin(NOTHING, Tag.OTHER, 0, 0);
      sink.page(NOTHING);
    }
  }

  /** Passes on the tokens of a page that begins inside a CDATA section. */
  void runCdata(String page, TokenSink sink) {
    load(page);
    sink.page(buffer);
    cdata(sink);
    data(sink);
    sink.end();
  }

  private void load(String page) {
    int length = page.length();
    if (buffer.length <= length) {
      buffer = new char[Math.max(length + 1, Math.min(KEPT_CHARACTERS, buffer.length * 2))];
    }
    page.getChars(0, length, buffer, 0);
    // Terminates the text, so that loops over it need not check for its end.
    buffer[length] = 0;
    end = length;
    at = 0;
    tags.page(buffer, length);
  }

  private void data(TokenSink sink) {
    while (at < end && !sink.stopped()) {
      at = sink.run(buffer, at);
      switch (buffer[at]) {
        case '<' -> markup(sink);
        case '&' -> reference(sink);
        default -> {
          if (at < end) {
            at++;
            sink.nul();
          }
        }
      }
    }
  }

  private void reference(TokenSink sink) {
    int after = references.read(buffer, at + 1, end, false);
    if (after == CharacterReferences.NONE) {
      sink.characters(buffer, at, at + 1);
      at++;
    } else {
      at = after;
      sink.characters(references.resolved(), 0, references.length());
    }
  }

  /** Reads markup that begins with a less-than sign (13.2.5.6, 13.2.5.7). */
  private void markup(TokenSink sink) {
    char next = buffer[at + 1];
    if (AsciiCase.isLetter(next)) {
      startTag(sink);
    } else if (next == '/') {
      char third = buffer[at + 2];
      if (AsciiCase.isLetter(third)) {
        endTag(at + 2, sink);
      } else if (third == '>') {
        at += 3;
        sink.namelessEndTag();
      } else if (at + 2 >= end) {
        sink.characters(buffer, at, end);
        at = end;
      } else {
        bogusComment(at + 2, sink);
      }
    } else if (next == '!') {
      declaration(sink);
    } else if (next == '?') {
      bogusComment(at + 1, sink);
    } else {
      sink.characters(buffer, at, at + 1);
      at++;
    }
  }

  private void startTag(TokenSink sink) {
    int after = tags.read(at + 1, tag);
    if (after == TagScanner.CUT_OFF) {
      at = end;
      return;
    }
    at = after;
    TextType type = sink.startTag(tag);
    if (type != TextType.DATA) {
      rawText(type, tag.tag().word(), sink);
    }
  }

  private void endTag(int name, TokenSink sink) {
    int after = tags.read(name, tag);
    if (after == TagScanner.CUT_OFF) {
      at = end;
    } else {
      at = after;
      sink.endTag(tag);
    }
  }

  /** Reads an element's text and its end tag. */
  private void rawText(TextType type, String element, TokenSink sink) {
    RawText raw = new RawText(buffer, at, end, element, references);
    raw.read(type, sink);
    at = raw.after();
    if (at < end) {
      endTag(at + 2, sink);
    }
  }

  /** Reads a declaration, which begins with {@code <!} (13.2.5.42). */
  private void declaration(TokenSink sink) {
    int from = at + 2;
    if (buffer[from] == '-' && buffer[from + 1] == '-') {
      at = Comments.read(buffer, from + 2, end, sink);
    } else if (AsciiCase.matches(buffer, from, Comments.DOCTYPE)) {
      Doctype doctype = new Doctype(buffer, from + Comments.DOCTYPE.length(), end);
      at = doctype.after();
      sink.doctype(doctype);
    } else if (Comments.beginsCdata(buffer, from) && sink.allowsCdata()) {
      at = from + Comments.CDATA.length();
      cdata(sink);
    } else {
      bogusComment(from, sink);
    }
  }

  private void bogusComment(int from, TokenSink sink) {
    at = Comments.readBogus(buffer, from, end, sink);
  }

  private void cdata(TokenSink sink) {
    at = Comments.readCdata(buffer, at, end, sink);
  }
}
