package io.sluice.parser.extract;

import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/**
 * Gathers the text of XML, except that of scripts and styles; each element is on lines of its own.
 * Confined to its document's extraction.
 */
final class XmlText implements NodeVisitor {

  private static final Set<String> CODE = Set.of("script", "style");

  private final TextBuffer text;
  private int codeDepth;

  XmlText(TextBuffer text) {
    this.text = text;
  }

  @Override
  public void head(Node node, int depth) {
    if (node instanceof TextNode leaf) {
      if (codeDepth == 0) {
        text.append(leaf.getWholeText(), false);
      }
    } else if (node instanceof Element element) {
      codeDepth += isCode(element) ? 1 : 0;
      text.lineBreak();
    }
  }

  @Override
  public void tail(Node node, int depth) {
    if (node instanceof Element element) {
      codeDepth -= isCode(element) ? 1 : 0;
      text.lineBreak();
    }
  }

  private static boolean isCode(Element element) {
    return CODE.contains(element.tag().localName());
  }
}
