package io.sluice.parser.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/**
 * The one walk over a page's tree. It gathers text and references; references are resolved after
 * it, when the base is known. Inert templates are passed over. Confined to its page's extraction.
 */
final class PageVisitor implements NodeVisitor {

  /** A reference as written. */
  record RawLink(String href, LinkKind kind, @Nullable String rel) {}

  private final TextBuffer title;
  private final TextBuffer text;
  private final RobotsDirectives robots;
  private final List<RawLink> links = new ArrayList<>(128);

  private @Nullable Element inert;
  private @Nullable Element titleElement;
  private boolean inTitle;
  private int preDepth;
  private @Nullable String base;
  private @Nullable String language;

  PageVisitor(TextBuffer title, TextBuffer text, RobotsDirectives robots) {
    this.title = title;
    this.text = text;
    this.robots = robots;
  }

  /** The references in document order. */
  List<RawLink> links() {
    return links;
  }

  /** The first base element's href; null where there is none. */
  @Nullable String base() {
    return base;
  }

  /** The root element's language; null where it declares none. */
  @Nullable String language() {
    return language;
  }

  @Override
  public void head(Node node, int depth) {
    if (inert != null) {
      return;
    }
    if (node instanceof TextNode leaf) {
      (inTitle ? title : text).append(leaf.getWholeText(), preDepth > 0);
    } else if (node instanceof Element element) {
      enter(element);
    }
  }

  private void enter(Element element) {
    separate(element);
    switch (element.normalName()) {
      case "a" -> link(element, "href", LinkKind.A);
      case "area" -> link(element, "href", LinkKind.AREA);
      case "link" -> link(element, "href", LinkKind.LINK);
      case "frame" -> link(element, "src", LinkKind.FRAME);
      case "iframe" -> link(element, "src", LinkKind.IFRAME);
      case "meta" -> meta(element);
      case "pre" -> preDepth++;
      case "template" -> inert = element;
      case "base" -> {
        if (base == null && element.hasAttr("href")) {
          base = element.attr("href");
        }
      }
      case "title" -> {
        if (titleElement == null && element.tag().namespace().equals(Parser.NamespaceHtml)) {
          titleElement = element;
          inTitle = true;
        }
      }
      case "html" -> {
        if (language == null) {
          language = firstOf(element, "lang", "xml:lang");
        }
      }
      default -> {}
    }
  }

  @Override
  public void tail(Node node, int depth) {
    if (!(node instanceof Element element)) {
      return;
    }
    if (inert != null) {
      inert = element.equals(inert) ? null : inert;
      return;
    }
    if (element.equals(titleElement)) {
      inTitle = false;
    } else if (element.normalName().equals("pre")) {
      preDepth--;
    }
    separate(element);
  }

  /** What stands between the text before an element's edge and the text after it. */
  private void separate(Element element) {
    switch (element.normalName()) {
      case "td", "th", "option" -> text.space();
      case "br" -> text.lineBreak();
      default -> {
        if (element.isBlock()) {
          text.lineBreak();
        }
      }
    }
  }

  private void link(Element element, String attribute, LinkKind kind) {
    String href = element.attributes().get(attribute);
    if (!href.isEmpty()) {
      String rel = element.attributes().get("rel").strip();
      links.add(
          new RawLink(
              href, kind, rel.isEmpty() ? null : WellFormed.of(rel.toLowerCase(Locale.ROOT))));
    }
  }

  private void meta(Element element) {
    String content = element.attr("content");
    if (element.attr("http-equiv").equalsIgnoreCase("refresh")) {
      refresh(content);
    } else if (element.hasAttr("name")) {
      robots.meta(element.attr("name"), content);
    }
  }

  /** Takes a refresh, from a meta element or the Refresh field. */
  void refresh(String content) {
    MetaRefresh refresh = MetaRefresh.parse(content);
    if (refresh != null && refresh.url() != null) {
      links.add(new RawLink(refresh.url(), LinkKind.REFRESH, null));
    }
  }

  private static @Nullable String firstOf(Element element, String... attributes) {
    for (String attribute : attributes) {
      String value = element.attr(attribute).strip();
      if (!value.isEmpty()) {
        return WellFormed.of(value);
      }
    }
    return null;
  }
}
