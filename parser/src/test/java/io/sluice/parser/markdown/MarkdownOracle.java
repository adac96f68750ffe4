package io.sluice.parser.markdown;

import io.sluice.core.url.Url;
import io.sluice.parser.extract.Document;
import io.sluice.parser.extract.PageTree;
import java.util.List;
import java.util.Objects;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Reads Markdown with a CommonMark parser, to compare it with what was written. Stateless. */
final class MarkdownOracle {

  private static final Parser PARSER =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder().extensions(List.of(TablesExtension.create())).build();

  private MarkdownOracle() {}

  static PageTree tree(String html) {
    Url page = Objects.requireNonNull(Url.parse("https://a.test/dir/page"));
    return PageTree.of(html, false, Document.utf8(page, List.of()), 64 << 20);
  }

  static PageTree.Text markdown(String html, int maxBytes) {
    PageTree tree = tree(html);
    return Markdown.of(tree, tree.document().body(), maxBytes, _ -> false);
  }

  /** Converts a page to Markdown and renders that as HTML. */
  static String again(String html) {
    return RENDERER.render(PARSER.parse(markdown(html, 1 << 20).value())).strip();
  }

  /** The structure that the walk builds of a page. */
  static String built(String html) {
    PageTree tree = tree(html);
    Node document = new MarkdownWalk(tree, tree.document().body(), 1 << 20, _ -> false).document();
    return shape(document);
  }

  /** The structure that a CommonMark parser reads from the page's Markdown. */
  static String read(String html) {
    return shape(PARSER.parse(markdown(html, 1 << 20).value()));
  }

  private static String shape(Node node) {
    StringBuilder shape = new StringBuilder();
    append(node, shape);
    return shape.toString();
  }

  private static void append(Node node, StringBuilder shape) {
    if (node instanceof Text text) {
      shape.append(text.getLiteral()); // a parser makes several of one
      return;
    }
    shape.append('{').append(node.getClass().getSimpleName()).append(' ');
    switch (node) {
      case Code code -> shape.append(code.getLiteral());
      case FencedCodeBlock code ->
          shape.append(code.getInfo()).append('|').append(code.getLiteral());
      case Heading heading -> shape.append(heading.getLevel()).append(' ');
      case OrderedList list -> shape.append(list.getMarkerStartNumber()).append(' ');
      case Link link -> shape.append(link.getDestination()).append(' ');
      case Image image -> shape.append(image.getDestination()).append(' ');
      default -> {}
    }
    for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
      append(child, shape);
    }
    shape.append('}');
  }
}
