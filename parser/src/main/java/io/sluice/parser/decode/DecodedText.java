package io.sluice.parser.decode;

import io.sluice.parser.encoding.Encoding;

/**
 * A document as text. Immutable.
 *
 * @param text the characters, without a byte order mark
 * @param encoding how the bytes were read
 * @param source where the encoding was learned from
 */
public record DecodedText(String text, Encoding encoding, Source source) {

  /** Where an encoding was learned from, in the order of precedence. */
  public enum Source {
    /** A byte order mark. */
    BOM,
    /** The charset parameter of Content-Type. */
    HTTP,
    /** A meta element or XML declaration. */
    META,
    /** Nothing declared it, but the bytes are valid UTF-8. */
    VALID_UTF_8,
    /** Guessed from the bytes' statistics. */
    GUESS;

    /**
     * Whether a later meta element may override the encoding, which nothing has declared so far.
     */
    public boolean tentative() {
      return this == VALID_UTF_8 || this == GUESS;
    }
  }
}
