package io.sluice.parser.scan;

/**
 * Receives a page's elements and text in tree order. The content of templates and of SVG style
 * sheets is left out, as are elements that misnested formatting reopens. Confined to the thread
 * that scans.
 */
public interface PageEvents {

  /**
   * An element begins.
   *
   * @param token its attributes, during the call only
   */
  void start(Tag tag, Namespace namespace, TagToken token);

  /**
   * An element ends; called for all except those whose content is left out, scripts and styles
   * included.
   */
  void end(Tag tag, Namespace namespace);

  /**
   * Text of an element; one run may come in several parts.
   *
   * @param buffer valid during the call only
   */
  void text(char[] buffer, int from, int to);

  /**
   * Text of an element, with its end yet to be found: a {@link TextRun} that begins at {@code
   * from}. A single pass finds the end and takes the text.
   *
   * @param buffer valid during the call only
   * @return where the run ends
   */
  int run(char[] buffer, int from);

  /**
   * Text of the script or style sheet that began last; it may come in several parts.
   *
   * @param buffer valid during the call only
   */
  void code(char[] buffer, int from, int to);
}
