package io.sluice.parser.decode;

/**
 * Distinguishes UTF-8 text with a few bad bytes, such as a truncated comment or a pasted word, from
 * text in another encoding. Immutable.
 *
 * @param characters well-formed characters of several bytes
 * @param errors malformed bytes or beginnings of characters; a character cut off by the text's end
 *     is not counted
 */
record Utf8Tally(int characters, int errors) {

  /**
   * How many well-formed characters must outweigh each error. In other encodings bytes form such
   * sequences only by chance: two of six bytes of Korean or Chinese text, and hardly ever in
   * others.
   */
  private static final int OUTWEIGHS = 3;

  static Utf8Tally of(byte[] bytes, int size) {
    int characters = 0;
    int errors = 0;
    int i = 0;
    while (i < size) {
      if (bytes[i] >= 0) {
        i++;
        continue;
      }
      int wanted = continuations(bytes[i] & 0xFF);
      int found = 0;
      while (found < wanted && i + 1 + found < size && continues(bytes, i, found)) {
        found++;
      }
      boolean cut = i + 1 + found == size && found < wanted;
      if (wanted > 0 && found == wanted) {
        characters++;
      } else if (!cut) {
        errors++;
      }
      i += 1 + found;
    }
    return new Utf8Tally(characters, errors);
  }

  /** Bytes that have to follow a lead byte; 0 for a byte that is not a lead byte. */
  private static int continuations(int lead) {
    if (lead >= 0xC2 && lead <= 0xDF) {
      return 1;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
      return 2;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 3 : 0;
  }

  private static boolean continues(byte[] bytes, int lead, int found) {
    int b = bytes[lead + 1 + found] & 0xFF;
    if (found > 0) {
      return b >= 0x80 && b <= 0xBF;
    }
    int low =
        switch (bytes[lead] & 0xFF) {
          case 0xE0 -> 0xA0;
          case 0xF0 -> 0x90;
          default -> 0x80;
        };
    int high =
        switch (bytes[lead] & 0xFF) {
          case 0xED -> 0x9F;
          case 0xF4 -> 0x8F;
          default -> 0xBF;
        };
    return b >= low && b <= high;
  }

  /** Whether the text is valid UTF-8; its last character may be cut off. */
  boolean valid() {
    return errors == 0;
  }

  /** Whether it is UTF-8, except for a few bytes. */
  boolean mostlyValid() {
    return characters >= (long) OUTWEIGHS * errors;
  }
}
