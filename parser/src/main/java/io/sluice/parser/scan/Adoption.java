package io.sluice.parser.scan;

/**
 * The adoption agency algorithm (HTML standard, 13.2.6.4.7), which corrects misnested formatting.
 * It moves blocks out of formatting elements but keeps text and blocks in source order, so only the
 * stack and the list change here. Confined to its scanner's thread.
 */
final class Adoption {

  private static final int OUTER_STEPS = 8;
  private static final int INNER_STEPS = 3;

  private final TreeSimulator tree;
  private final OpenElements stack;
  private final FormattingElements formatting;

  Adoption(TreeSimulator tree) {
    this.tree = tree;
    this.stack = tree.stack();
    this.formatting = tree.formatting();
  }

  /** Runs for an end tag; returns false if the tag must be handled like any other end tag. */
  boolean run(Tag subject) {
    int top = stack.size() - 1;
    if (stack.is(top, subject)) {
      int number = stack.serial(top);
      boolean last = formatting.isLast(number);
      if (last || formatting.indexOf(number) < 0) {
        // Properly nested: there is nothing to adopt.
        stack.pop();
        if (last) {
          formatting.removeLast();
        }
        return true;
      }
    }
    for (int outer = 0; outer < OUTER_STEPS; outer++) {
      int entry = formatting.lastOf(subject);
      if (entry < 0) {
        return false;
      }
      int element = formatting.serial(entry);
      int at = stack.indexOf(element);
      if (at < 0) {
        formatting.removeElement(element);
        return true;
      }
      if (!inScope(at)) {
        return true;
      }
      int block = furthestBlock(at);
      if (block < 0) {
        stack.popTo(at);
        formatting.removeElement(element);
        return true;
      }
      if (stack.hasGhosts() || partsText(at, block)) {
        tree.giveUp();
        return true;
      }
      adopt(element, at, block, subject);
      if (stack.overflown()) {
        return true;
      }
    }
    return true;
  }

  private boolean inScope(int element) {
    for (int at = stack.size() - 1; at > element; at--) {
      if (stack.has(at, Trait.SCOPE)) {
        return false;
      }
    }
    return true;
  }

  private int furthestBlock(int element) {
    for (int at = element + 1; at < stack.size(); at++) {
      if (stack.has(at, Trait.SPECIAL)) {
        return at;
      }
    }
    return -1;
  }

  /**
   * Whether an element between {@code element} and {@code block} ends a line or a word, which would
   * then end before the block.
   */
  private boolean partsText(int element, int block) {
    for (int at = element + 1; at < block; at++) {
      if (!stack.isHtml(at) || stack.has(at, Trait.BLOCK) || stack.is(at, Tag.OPTION)) {
        return true;
      }
    }
    return false;
  }

  private void adopt(int element, int at, int furthest, Tag subject) {
    for (int one = at; one < furthest; one++) {
      if (stack.is(one, Tag.A)) {
        formatting.partLinks();
      }
    }
    int block = furthest;
    int bookmark = element;
    boolean first = true;
    int inner = 0;
    for (int node = block - 1; node > at; node--) {
      inner++;
      int serial = stack.serial(node);
      if (inner > INNER_STEPS) {
        formatting.removeElement(serial);
      }
      if (formatting.indexOf(serial) < 0) {
        stack.remove(node);
        block--;
      } else {
        int replacement = stack.renumber(node);
        formatting.replace(serial, replacement);
        if (first) {
          bookmark = replacement;
        }
        first = false;
      }
    }
    stack.remove(at);
    block--;
    int replacement = stack.insertAgain(block + 1, subject);
    formatting.replace(element, replacement, bookmark);
  }
}
