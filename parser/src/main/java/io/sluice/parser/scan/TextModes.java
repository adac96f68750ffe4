package io.sluice.parser.scan;

/**
 * Text, by the rules of the insertion modes (HTML standard, 13.2.6). Confined to its scanner's
 * thread.
 */
final class TextModes {

  private static final char[] REPLACED = {CharacterReferences.REPLACEMENT};

  private final TreeSimulator tree;
  private final OpenElements stack;
  private final PageEvents events;
  private boolean skipsLineFeed;

  TextModes(TreeSimulator tree, PageEvents events) {
    this.tree = tree;
    this.stack = tree.stack();
    this.events = events;
  }

  /** Ignores the next character if it is a line feed. */
  void skipLineFeed() {
    skipsLineFeed = true;
  }

  /** Cancels {@link #skipLineFeed}, since another token follows. */
  void keepLineFeed() {
    skipsLineFeed = false;
  }

  /** Processes text. */
  void characters(char[] buffer, int from, int to) {
    int first = skipsLineFeed ? pastLineFeed(buffer, from, to) : from;
    skipsLineFeed = false;
    if (first < to) {
      text(buffer, first, to);
    }
  }

  /** The position after a line feed that is ignored directly after some start tags (13.2.6.4.7). */
  private int pastLineFeed(char[] buffer, int from, int to) {
    if (buffer[from] == '\r') {
      if (from + 1 == to) {
        // It may come from a reference or from the page; only the latter is a line break.
        tree.giveUp();
      }
      return from + 1 < to && buffer[from + 1] == '\n' ? from + 2 : from + 1;
    }
    return buffer[from] == '\n' ? from + 1 : from;
  }

  private void text(char[] buffer, int from, int to) {
    if (tree.mode() == Mode.TEXT) {
      if (stack.topIs(Tag.TITLE) || stack.topIs(Tag.TEXTAREA)) {
        show(buffer, from, to);
      } else if ((stack.topIs(Tag.SCRIPT) || stack.topIs(Tag.STYLE)) && stack.isTopInert()) {
        events.code(buffer, from, to);
      }
    } else if (tree.noscript().isOpen() || inForeignText()) {
      show(buffer, from, to);
    } else {
      textInMode(buffer, from, to);
    }
  }

  /** Whether all text is shown as it arrives, so that its end need not be known in advance. */
  boolean showsRuns() {
    return tree.mode().showsText() && !skipsLineFeed && !stack.isInert();
  }

  /**
   * Processes a run of text in one pass; {@link #showsRuns} holds.
   *
   * @return where it ends
   */
  int run(char[] buffer, int from) {
    if (!tree.noscript().isOpen() && !inForeignText()) {
      tree.reconstruct();
    }
    return events.run(buffer, from);
  }

  private boolean inForeignText() {
    return tree.usesForeignRules() && !stack.inHtmlIntegration() && !stack.inTextIntegration();
  }

  private void textInMode(char[] buffer, int from, int to) {
    switch (tree.mode()) {
      case IN_BODY, IN_CAPTION, IN_CELL, IN_TEMPLATE -> {
        tree.reconstruct();
        show(buffer, from, to);
      }
      case IN_TABLE, IN_TABLE_BODY, IN_ROW -> tableText(buffer, from, to);
      default -> {
        int word = pastSpace(buffer, from, to);
        // Whitespace before the document is dropped; after the body it comes after all text.
        if (keepsSpace()) {
          show(buffer, from, word);
        }
        if (word < to) {
          leaveForText();
          if (!tree.needsTree()) {
            text(buffer, word, to);
          }
        }
      }
    }
  }

  private boolean keepsSpace() {
    return switch (tree.mode()) {
      case INITIAL, AFTER_BODY, AFTER_AFTER_BODY -> false;
      default -> true;
    };
  }

  private void tableText(char[] buffer, int from, int to) {
    if (tree.inTemplate()) {
      tree.reconstruct();
    } else if (pastSpace(buffer, from, to) < to || !isInTablePart()) {
      tree.giveUp();
    } else {
      show(buffer, from, to);
    }
  }

  /** Whether the current node is one that text is moved out of. */
  private boolean isInTablePart() {
    return stack.size() > 0
        && switch (stack.tag(stack.size() - 1)) {
          case TABLE, TBODY, TFOOT, THEAD, TR -> true;
          default -> false;
        };
  }

  /** Enters the mode in which text is allowed. */
  private void leaveForText() {
    switch (tree.mode()) {
      case INITIAL -> tree.withoutDoctype();
      case AFTER_BODY, AFTER_AFTER_BODY -> tree.backToBody();
      case IN_COLUMN_GROUP -> {
        if (stack.topIs(Tag.COLGROUP)) {
          stack.pop();
          tree.mode(Mode.IN_TABLE);
        } else {
          tree.giveUp();
        }
      }
      default -> tree.head().leave();
    }
  }

  private void show(char[] buffer, int from, int to) {
    if (!stack.isInert() && from < to) {
      events.text(buffer, from, to);
    }
  }

  private static int pastSpace(char[] buffer, int from, int to) {
    int at = from;
    while (at < to && AsciiCase.isSpace(buffer[at])) {
      at++;
    }
    return at;
  }

  /** Processes a U+0000. */
  void nul() {
    skipsLineFeed = false;
    if (!tree.noscript().isOpen() && inForeignText()) {
      show(REPLACED, 0, 1);
    } else if (!tree.noscript().isOpen()) {
      switch (tree.mode()) {
        case IN_BODY, IN_CAPTION, IN_CELL, IN_TEMPLATE, IN_TABLE, IN_TABLE_BODY, IN_ROW -> {}
        default -> tree.giveUp();
      }
    }
  }
}
