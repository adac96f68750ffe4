package io.sluice.parser.scan;

/**
 * Finds a tag by its name. A name of up to {@value #MAX_PACKED} letters and digits is packed into a
 * number while it is read, six bits a character, and that number is looked up. Thread-safe:
 * immutable.
 */
final class TagNames {

  /** Maximum length of a name that can be packed. */
  static final int MAX_PACKED = 10;

  /** Stands for a name that cannot be packed. */
  static final long UNPACKABLE = -1;

  private static final int SLOTS = 1024;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;
  private static final long[] KEYS = new long[SLOTS];
  private static final Tag[] TAGS = new Tag[SLOTS];
  private static final Tag[] LONG = {Tag.FEMERGENODE, Tag.FOREIGNOBJECT, Tag.ANNOTATION_XML};

  static {
    for (Tag tag : Tag.values()) {
      String word = tag.word();
      if (!word.isEmpty() && word.length() <= MAX_PACKED) {
        long key = 0;
        for (int i = 0; i < word.length(); i++) {
          key = pack(key, word.charAt(i));
        }
        int slot = slot(key);
        while (KEYS[slot] != 0) {
          slot = (slot + 1) % SLOTS;
        }
        KEYS[slot] = key;
        TAGS[slot] = tag;
      }
    }
  }

  private TagNames() {}

  /** Appends an ASCII letter, in either case, to a packed name. */
  static long packLetter(long key, char c) {
    return (key << 6) | (c & 0x1F);
  }

  /**
   * Appends a character, in either case, to a packed name; {@link #UNPACKABLE} if no known name
   * contains it.
   */
  static long pack(long key, char c) {
    if (key == UNPACKABLE) {
      return key;
    }
    if (AsciiCase.isLetter(c)) {
      return packLetter(key, c);
    }
    return c >= '0' && c <= '9' ? (key << 6) | (0x20 + c - '0') : UNPACKABLE;
  }

  /**
   * The tag of a name that was read.
   *
   * @param key the name, packed
   */
  static Tag of(long key, char[] buffer, int from, int to) {
    if (to - from > MAX_PACKED) {
      return longTag(buffer, from, to);
    }
    int slot = slot(key);
    while (KEYS[slot] != 0) {
      if (KEYS[slot] == key) {
        return TAGS[slot];
      }
      slot = (slot + 1) % SLOTS;
    }
    return Tag.OTHER;
  }

  private static Tag longTag(char[] buffer, int from, int to) {
    for (Tag tag : LONG) {
      if (tag.word().length() == to - from && AsciiCase.matches(buffer, from, tag.word())) {
        return tag;
      }
    }
    return Tag.OTHER;
  }

  private static int slot(long key) {
    return (int) ((key * SPREAD) >>> 54);
  }
}
