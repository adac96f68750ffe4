package io.sluice.parser.scan;

/**
 * Receives a page's tokens in order (HTML standard, 13.2.5). Arguments are valid only during the
 * call. Confined to the thread that scans.
 */
interface TokenSink {

  /**
   * Receives the start of a page.
   *
   * @param buffer contains the page; tags are ranges of it
   */
  void page(char[] buffer);

  /**
   * A start tag.
   *
   * @return how the text after it is tokenized
   */
  TextType startTag(TagToken tag);

  /** An end tag. */
  void endTag(TagToken tag);

  /** An end tag without a name, which is not a token. */
  void namelessEndTag();

  /** Text with its references resolved; one run may arrive in several parts. */
  void characters(char[] buffer, int from, int to);

  /**
   * The text from {@code from} up to the next markup or reference; a {@link TextRun}, possibly
   * empty.
   *
   * @return where it ends
   */
  default int run(char[] buffer, int from) {
    int end = TextRun.end(buffer, from);
    if (end > from) {
      characters(buffer, from, end);
    }
    return end;
  }

  /** A U+0000 in the data state or a CDATA section, which tree construction drops or replaces. */
  void nul();

  /** A comment, in which U+0000 has not been replaced. */
  void comment(char[] buffer, int from, int to);

  /** A document type. */
  void doctype(Doctype doctype);

  /** Whether {@code <![CDATA[} begins a section: in foreign content only (13.2.5.42). */
  boolean allowsCdata();

  /** Whether the sink wants no more tokens. */
  boolean stopped();

  /** The end of the page. */
  void end();
}
