package io.sluice.parser.scan;

/** How the text after a start tag is tokenized (HTML standard, 13.2.5.1 to 13.2.5.5). */
enum TextType {
  /** Markup and character references. */
  DATA,
  /** Character references, but no markup other than the element's end tag. */
  RCDATA,
  /** Neither markup nor references, up to the element's end tag. */
  RAWTEXT,
  /** Like RAWTEXT, with the escapes that comments make. */
  SCRIPT,
  /** Neither markup nor references, up to the end of the page. */
  PLAINTEXT
}
