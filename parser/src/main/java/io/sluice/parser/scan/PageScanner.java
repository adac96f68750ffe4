package io.sluice.parser.scan;

import java.util.function.Predicate;

/**
 * Reads HTML pages, one after another, without building trees. It needs a buffer for the page and
 * stacks of a fixed size, and time proportional to the page. Confined to its worker's thread, since
 * its buffers are reused.
 */
public final class PageScanner {

  private final Tokenizer tokenizer;
  private final TreeSimulator tree;

  /**
   * Creates a scanner that reports what its pages contain to {@code events}.
   *
   * @param furtherTags tags whose attributes matter, besides those of links and meta elements
   */
  public PageScanner(PageEvents events, Predicate<Tag> furtherTags) {
    this.tokenizer = new Tokenizer(TagToken.readTags(furtherTags));
    this.tree = new TreeSimulator(events);
  }

  /**
   * Reads a page to its end.
   *
   * @return whether that succeeded; if not, the events so far must be discarded and the page needs
   *     a tree
   */
  public boolean scan(String page) {
    tree.clear();
    tokenizer.run(page, tree);
    return !tree.needsTree();
  }

  /**
   * Whether misnested formatting splits or moves a link of the page read last, so that finding its
   * text needs a tree.
   */
  public boolean partsLinks() {
    return tree.formatting().partsLinks();
  }
}
