package io.sluice.parser.scan;

/** Properties of HTML elements that tree construction needs, as bits. */
final class Trait {

  /** Special (13.2.4.2): misnested formatting does not reach past it. */
  static final int SPECIAL = 1 << 0;

  /** Ends the search for an element in scope (13.2.4.2). */
  static final int SCOPE = 1 << 1;

  /** Also ends the search in list item scope. */
  static final int LIST_SCOPE = 1 << 2;

  /** Also ends the search in button scope. */
  static final int BUTTON_SCOPE = 1 << 3;

  /** Ends the search in table scope. */
  static final int TABLE_SCOPE = 1 << 4;

  /** Its end tag may be implied (13.2.6.3). */
  static final int IMPLIED_END = 1 << 5;

  /** Its end tag is implied by the end of a template. */
  static final int THOROUGH_END = 1 << 6;

  /** Occupies lines of its own, by jsoup's rules and not by style sheets. */
  static final int BLOCK = 1 << 7;

  /** Has no content. */
  static final int VOID = 1 << 8;

  /** Its start tag closes a paragraph, and that is all it does (13.2.6.4.7). */
  static final int CLOSES_P = 1 << 9;

  /** A formatting element (13.2.4.3). */
  static final int FORMATTING = 1 << 10;

  /** Its end tag closes everything open inside it, if it is in scope itself. */
  static final int CLOSER = 1 << 11;

  /** Its start tag is processed as in a head wherever it occurs. */
  static final int IN_HEAD = 1 << 12;

  /** Its start tag ends foreign content (13.2.6.5). */
  static final int BREAKS_OUT = 1 << 13;

  /** Its attributes always matter. */
  static final int READ = 1 << 14;

  /** A heading. */
  static final int HEADING = 1 << 15;

  /** A part of a table: its start tag closes a cell or caption. */
  static final int TABLE_PART = 1 << 16;

  private Trait() {}
}
