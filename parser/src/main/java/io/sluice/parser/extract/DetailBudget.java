package io.sluice.parser.extract;

/**
 * Bounds the memory of a page's details to {@value #MAX_CHARACTERS} characters. Each value is
 * charged an overhead in addition to its length, which bounds many short values too. Confined to
 * its page's extraction.
 */
final class DetailBudget {

  static final int MAX_CHARACTERS = 1 << 18;

  private static final int EACH = 50;

  private int characters;
  private boolean cut;

  /** Reserves room for a value; once one does not fit, no further value does. */
  boolean fits(String value) {
    cut |= characters + EACH + value.length() > MAX_CHARACTERS;
    characters += cut ? 0 : EACH + value.length();
    return !cut;
  }

  /** Whether a value was left out because the budget was used up. */
  boolean cut() {
    return cut;
  }
}
