package io.sluice.parser.addition;

import io.sluice.parser.rules.Extracted;
import org.jspecify.annotations.Nullable;

/**
 * The optional parts of a page's line that the configuration turns on. Immutable.
 *
 * @param extracted the operator's own fields; null if no rule matches the page
 * @param mainText the page's text without navigation and the like; null if it is off
 * @param mainTextCut whether the main text is incomplete: it exceeded its bound, or the page was
 *     too large for its tree
 */
public record Additions(
    @Nullable Extracted extracted, @Nullable String mainText, boolean mainTextCut) {

  /** No optional parts. */
  public static final Additions NONE = new Additions(null, null, false);
}
