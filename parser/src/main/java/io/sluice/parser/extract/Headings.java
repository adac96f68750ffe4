package io.sluice.parser.extract;

import io.sluice.parser.extract.PageDetails.Heading;
import io.sluice.parser.scan.Tag;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers a page's headings in the order of their start tags. Confined to its page's extraction.
 */
final class Headings {

  private final Passages passages;
  private final DetailBudget budget;
  private final List<Heading> headings = new ArrayList<>();

  /**
   * @param budget bounds the memory of the headings' texts
   */
  Headings(TextBuffer text, DetailBudget budget) {
    this.passages = new Passages(text);
    this.budget = budget;
  }

  void begin(Tag tag) {
    boolean room = budget.fits("");
    passages.begin(room ? headings.size() : Passages.NONE);
    if (room) {
      headings.add(new Heading(tag.word().charAt(1) - '0', ""));
    }
  }

  void end() {
    int heading = passages.end();
    if (heading != Passages.NONE) {
      String text = passages.ended();
      if (budget.fits(text)) {
        headings.set(heading, new Heading(headings.get(heading).level(), text));
      }
    }
  }

  /** The headings that have text. */
  List<Heading> all() {
    return headings.stream().filter(heading -> !heading.text().isEmpty()).toList();
  }
}
