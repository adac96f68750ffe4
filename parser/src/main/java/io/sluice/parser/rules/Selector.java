package io.sluice.parser.rules;

import java.util.List;

/** A compiled expression. Confined to its worker's thread. */
interface Selector {

  /**
   * The raw values that the expression finds on a page, in document order, without empty ones.
   *
   * @param most maximum number of values, at which the search ends
   */
  List<Raw> select(RuledPage page, int most);

  /**
   * A value before it is converted to the field's type.
   *
   * @param text at most {@link RuledPage#MAX_VALUE_BYTES} in UTF-8
   * @param literal whether it was a number or boolean in JSON, not text for people
   */
  record Raw(String text, boolean literal) {}
}
