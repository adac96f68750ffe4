package io.sluice.parser.scan;

/**
 * The insertion modes of tree construction that a page can be read in (HTML standard, 13.2.4.1).
 */
enum Mode {
  INITIAL,
  BEFORE_HTML,
  BEFORE_HEAD,
  IN_HEAD,
  AFTER_HEAD,
  IN_BODY,
  TEXT,
  IN_TABLE,
  IN_CAPTION,
  IN_COLUMN_GROUP,
  IN_TABLE_BODY,
  IN_ROW,
  IN_CELL,
  IN_TEMPLATE,
  AFTER_BODY,
  AFTER_AFTER_BODY;

  /** Whether all text belongs to the page's text, whitespace included. */
  boolean showsText() {
    return switch (this) {
      case IN_BODY, IN_CAPTION, IN_CELL, IN_TEMPLATE -> true;
      default -> false;
    };
  }
}
