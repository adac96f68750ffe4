package io.sluice.parser.markdown;

import io.sluice.parser.extract.BoundedText;
import io.sluice.parser.extract.PageTree;
import io.sluice.parser.extract.Utf8Bound;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.markdown.MarkdownNodeRendererContext;
import org.commonmark.renderer.markdown.MarkdownNodeRendererFactory;
import org.commonmark.renderer.markdown.MarkdownRenderer;
import org.jsoup.nodes.Element;

/** Writes a part of a page as Markdown. Thread-safe: stateless. */
public final class Markdown {

  private static final MarkdownRenderer RENDERER =
      MarkdownRenderer.builder()
          .nodeRendererFactory(new EscapedTextFactory())
          .extensions(List.of(TablesExtension.create()))
          .build();

  private Markdown() {}

  /**
   * An element as Markdown.
   *
   * @param maxBytes maximum length in UTF-8 bytes, and maximum amount of nodes and text that is
   *     gathered; the rest is cut off
   * @param leftOut elements below it that are left out
   */
  public static PageTree.Text of(
      PageTree tree, Element element, int maxBytes, Predicate<Element> leftOut) {
    MarkdownWalk walk = new MarkdownWalk(tree, element, maxBytes, leftOut);
    Node document = walk.document();
    BoundedText out = new BoundedText(maxBytes);
    boolean cut = walk.cut();
    try {
      RENDERER.render(document, out);
    } catch (RuntimeException e) {
      if (!out.isFull()) {
        throw e;
      }
      cut = true; // escapes and prefixes have made it longer than its text
    }
    String whole = out.toString().strip();
    String fitting = Utf8Bound.cut(whole, maxBytes);
    cut |= fitting.length() < whole.length();
    return new PageTree.Text(fitting, cut);
  }

  /** Makes the renderers of text. */
  private static final class EscapedTextFactory implements MarkdownNodeRendererFactory {

    @Override
    public NodeRenderer create(MarkdownNodeRendererContext context) {
      return new NodeRenderer() {
        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
          return Set.of(Text.class);
        }

        @Override
        public void render(Node node) {
          EscapedText.write((Text) node, context.getWriter());
        }
      };
    }

    @Override
    public Set<Character> getSpecialCharacters() {
      return Set.of();
    }
  }
}
