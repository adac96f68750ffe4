package io.sluice.parser.extract;

import io.sluice.parser.scan.Tag;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/**
 * The single walk over a page's tree, for pages that have one. Inert templates, scripts and styles
 * are skipped. Confined to its page's extraction.
 */
final class PageVisitor implements NodeVisitor {

  private static final Map<String, Tag> TAGS =
      Arrays.stream(Tag.values())
          .filter(tag -> tag != Tag.OTHER)
          .collect(Collectors.toUnmodifiableMap(Tag::word, tag -> tag));

  private final Names names;
  private final TagAttributes attributes;
  private final PageContent content;

  private @Nullable Element inert;
  private @Nullable Element title;

  PageVisitor(Names names, TagAttributes attributes, PageContent content) {
    this.names = names;
    this.attributes = attributes;
    this.content = content;
  }

  @Override
  public void head(Node node, int depth) {
    if (inert != null) {
      return;
    }
    if (node instanceof TextNode leaf) {
      content.text(leaf.getWholeText());
    } else if (node instanceof Element element) {
      enter(element);
    }
  }

  private void enter(Element element) {
    String name = names.of(element);
    separate(name, element);
    detail(name, element);
    switch (name) {
      case "a" -> anchor(element, "href");
      case "svg:a" -> anchor(element, attribute(element, "href").isEmpty() ? "xlink:href" : "href");
      case "area" -> link(element, "href", LinkKind.AREA);
      case "link" -> link(element, "href", LinkKind.LINK);
      case "frame" -> link(element, "src", LinkKind.FRAME);
      case "iframe" -> link(element, "src", LinkKind.IFRAME);
      case "meta" ->
          content.meta(
              attribute(element, "name"),
              attribute(element, "http-equiv"),
              attribute(element, "charset"),
              attribute(element, "content"));
      case "pre" -> content.preBegins();
      case "noscript" -> content.noscriptBegins();
      case "template", "script", "style", "svg:script", "svg:style" -> inert = element;
      case "base" -> {
        String href = attribute(element, "href");
        if (!href.isEmpty() || element.hasAttr("href")) {
          content.base(href);
        }
      }
      case "title" -> {
        if (content.titleBegins()) {
          title = element;
        }
      }
      case "html" -> content.language(attribute(element, "lang"), attribute(element, "xml:lang"));
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
    String name = names.of(element);
    DetailContent details = content.details();
    if (details != null && !name.isEmpty()) {
      details.end(TAGS.getOrDefault(name, Tag.OTHER));
    }
    if (name.equals("a") || name.equals("svg:a")) {
      content.anchorEnds();
    } else if (element.equals(title)) {
      content.titleEnds();
    } else if (name.equals("pre")) {
      content.preEnds();
    } else if (name.equals("noscript")) {
      content.noscriptEnds();
    }
    separate(name, element);
  }

  /** Adds a space or line feed at an element's edge if the element separates text. */
  private void separate(String name, Element element) {
    switch (name) {
      case "td", "th", "option" -> content.space();
      case "br" -> content.lineBreak();
      default -> {
        if (names.isBlock(name, element)) {
          content.lineBreak();
        }
      }
    }
  }

  private void detail(String name, Element element) {
    DetailContent details = content.details();
    if (details == null) {
      return;
    }
    details.endCode();
    if (name.isEmpty() || name.startsWith("svg:")) {
      return;
    }
    details.start(
        TAGS.getOrDefault(name, Tag.OTHER), attribute -> attribute(element, attribute.word()));
    if (name.equals("script") || name.equals("style")) {
      for (Node node : element.childNodes()) {
        if (node instanceof DataNode data) {
          details.code(data.getWholeData());
        } else if (node instanceof TextNode text) {
          details.code(text.getWholeText());
        }
      }
    }
  }

  private void anchor(Element element, String attribute) {
    content.anchorBegins(
        attribute(element, attribute), attribute(element, "rel"), attribute(element, "hreflang"));
  }

  private void link(Element element, String attribute, LinkKind kind) {
    String href = attribute(element, attribute);
    if (!href.isEmpty()) {
      content.link(href, kind, attribute(element, "rel"), attribute(element, "hreflang"));
    }
  }

  private String attribute(Element element, String name) {
    return attributes.of(element, name);
  }
}
