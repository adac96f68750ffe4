package io.sluice.parser.extract;

/** Lists of words separated by whitespace, such as a rel attribute's. Thread-safe: stateless. */
final class Words {

  private Words() {}

  /** Whether a list of words, which may be as long as the page, contains a word. */
  static boolean has(String words, String word) {
    for (int at = words.indexOf(word); at >= 0; at = words.indexOf(word, at + 1)) {
      int end = at + word.length();
      if ((at == 0 || isSpace(words.charAt(at - 1)))
          && (end == words.length() || isSpace(words.charAt(end)))) {
        return true;
      }
    }
    return false;
  }

  /** ASCII whitespace (Infra standard, 4.6). */
  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
  }
}
