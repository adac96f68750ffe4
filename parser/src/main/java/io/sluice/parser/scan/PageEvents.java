package io.sluice.parser.scan;

/**
 * Receives a page's elements and text in tree order. The content of templates and of SVG style
 * sheets is left out, as are elements that misnested formatting reopens. Confined to the thread
 * that scans.
 */
public interface PageEvents {

  /**
   * Receives the start of an element.
   *
   * @param token its attributes, during the call only
   */
  void start(Tag tag, Namespace namespace, TagToken token);

  /**
   * Receives the end of an element. Not called for elements whose content is left out, which
   * include scripts and styles.
   */
  void end(Tag tag, Namespace namespace);

  /**
   * Receives text of an element; one run may arrive in several parts.
   *
   * @param buffer valid during the call only
   */
  void text(char[] buffer, int from, int to);

  /**
   * Receives text of an element, whose end is yet to be found: a {@link TextRun} that begins at
   * {@code from}. A single pass finds the end and takes the text.
   *
   * @param buffer valid during the call only
   * @return where the run ends
   */
  int run(char[] buffer, int from);

  /**
   * Receives text of the script or style sheet that began last; it may arrive in several parts.
   *
   * @param buffer valid during the call only
   */
  void code(char[] buffer, int from, int to);
}
