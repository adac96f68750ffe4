package io.sluice.parser.extract;

import io.sluice.core.text.EnumWord;

/** The optional fields of a page's line, as {@code parser.fields} names them. */
public enum PageField {
  /** Description, keywords, author and dates. */
  META,
  /** Other languages, next and previous pages, AMP, feeds and sitemaps. */
  ALTERNATES,
  /** Open Graph properties and Twitter cards. */
  SOCIAL,
  /** JSON-LD blocks as written. */
  JSON_LD,
  /** The types of microdata items. */
  MICRODATA,
  HEADINGS,
  /** The text of each link. */
  LINK_TEXT,
  /** The page's HTML, decoded. */
  HTML;

  private final String word = EnumWord.of(this);

  /** The field as {@code parser.fields} spells it. */
  public String word() {
    return word;
  }
}
