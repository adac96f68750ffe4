package io.sluice.parser.addition;

import io.sluice.parser.extract.PageTree;
import io.sluice.parser.rules.Extracted;
import org.jspecify.annotations.Nullable;

/**
 * The optional parts of a page's line that the configuration turns on. Immutable. A text counts as
 * cut also if the page was too large for its tree.
 *
 * @param extracted the operator's own fields; null if no rule matches the page
 * @param mainText the page's text without navigation and the like; null if it is off
 * @param markdown the same as Markdown; null if it is off
 * @param language the language that the text seems to be in; null if it is off
 */
public record Additions(
    @Nullable Extracted extracted,
    PageTree.@Nullable Text mainText,
    PageTree.@Nullable Text markdown,
    @Nullable Detected language) {

  /** No optional parts. */
  public static final Additions NONE = new Additions(null, null, null, null);

  /**
   * The result of a detection.
   *
   * @param tag a BCP 47 tag; null if the language is not clear
   */
  public record Detected(@Nullable String tag) {}
}
