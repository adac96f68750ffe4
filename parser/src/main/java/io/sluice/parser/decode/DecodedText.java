package io.sluice.parser.decode;

import java.util.Locale;

/**
 * A document as text. Immutable.
 *
 * @param text the characters, without a byte order mark
 * @param encoding how the bytes were read
 * @param source what said so
 */
public record DecodedText(String text, Encoding encoding, Source source) {

  /** Where an encoding was learned from, in the order of precedence. */
  public enum Source {
    /** A byte order mark. */
    BOM,
    /** The charset parameter of Content-Type. */
    HTTP,
    /** A meta element or XML declaration in the first 1024 bytes. */
    META,
    /** Nothing said so, but the bytes are valid UTF-8. */
    VALID_UTF_8,
    /** Guessed from the bytes' statistics. */
    GUESS;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The source as records spell it. */
    public String word() {
      return word;
    }
  }
}
