package io.sluice.parser.extract;

import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jsoup.parser.Tag;
import org.jsoup.parser.TagSet;

/**
 * Names of elements in HTML and in XML, where prefixes are ignored and the namespace distinguishes
 * HTML elements from others. Immutable.
 */
final class Names {

  private static final TagSet HTML = TagSet.Html();

  private final boolean xml;

  /**
   * @param xml whether the tree comes from the XML parser
   */
  Names(boolean xml) {
    this.xml = xml;
  }

  /** An HTML element's name; an SVG element's, prefixed with {@code svg:}; empty for others. */
  String of(Element element) {
    Tag tag = element.tag();
    String namespace = tag.namespace();
    if (namespace.equals(Parser.NamespaceHtml)) {
      return xml ? tag.localName() : tag.normalName();
    }
    return namespace.equals(Parser.NamespaceSvg) ? "svg:" + tag.localName() : "";
  }

  /**
   * Whether an element occupies lines of its own, which the XML parser's tags do not show.
   *
   * @param name the result of {@link #of}
   */
  boolean isBlock(String name, Element element) {
    if (!xml) {
      return element.isBlock();
    }
    Tag known = HTML.get(name, Parser.NamespaceHtml);
    return known != null && known.isBlock();
  }
}
