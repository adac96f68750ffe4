package io.sluice.parser.markdown;

import io.sluice.core.url.Url;
import io.sluice.parser.extract.PageTree;
import io.sluice.parser.extract.Utf8Bound;
import io.sluice.parser.extract.WellFormed;
import io.sluice.parser.markdown.InlineRuns.Kind;
import io.sluice.parser.markdown.InlineRuns.Style;
import java.util.Set;
import java.util.function.Predicate;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.ThematicBreak;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jspecify.annotations.Nullable;

/**
 * Walks over a part of a tree and builds a Markdown document of it. Each node and each byte of text
 * counts; when they reach the maximum, the walk ends and the document is complete as far as it
 * goes. Confined to one call.
 */
final class MarkdownWalk implements NodeFilter {

  /** The size that each node counts as, in bytes: more than any of its marks takes. */
  private static final int NODE_BYTES = 16;

  private final PageTree tree;
  private final Element place;
  private final Predicate<Element> leftOut;
  private final Set<Element> tables;
  private final Blocks blocks = new Blocks();
  private final InlineRuns runs = new InlineRuns();
  private int left;
  private boolean cut;

  private @Nullable StringBuilder code;
  private @Nullable Element codeElement;
  private String codeLanguage = "";
  private @Nullable Heading heading;
  private @Nullable TableNodes table;
  private @Nullable String link;
  private int emphasis;
  private int strong;
  private int inlineCode;

  /**
   * @param place the element to write
   * @param maxBytes maximum total of the text and the nodes
   * @param leftOut elements below it that are left out
   */
  MarkdownWalk(PageTree tree, Element place, int maxBytes, Predicate<Element> leftOut) {
    this.tree = tree;
    this.place = place;
    this.leftOut = leftOut;
    this.left = maxBytes;
    this.tables = DataTables.of(tree, place);
  }

  /** Walks, and returns the document. */
  Node document() {
    place.filter(this);
    if (code != null) {
      endCode();
    }
    endBlock();
    endTable();
    return blocks.document();
  }

  /** Whether something was left out because the document is full. */
  boolean cut() {
    return cut;
  }

  @Override
  public FilterResult head(org.jsoup.nodes.Node node, int depth) {
    if (node instanceof TextNode leaf) {
      text(leaf.getWholeText());
    } else if (node instanceof Element element) {
      if (PageTree.isInert(tree.nameOf(element)) || (depth > 0 && leftOut.test(element))) {
        breakAround(element);
        return FilterResult.SKIP_ENTIRELY;
      }
      if (take(NODE_BYTES)) {
        begin(tree.nameOf(element), element);
      }
    }
    return cut ? FilterResult.STOP : FilterResult.CONTINUE;
  }

  @Override
  public FilterResult tail(org.jsoup.nodes.Node node, int depth) {
    if (node instanceof Element element) {
      end(tree.nameOf(element), element);
    }
    return FilterResult.CONTINUE;
  }

  private boolean take(int bytes) {
    left -= bytes;
    cut |= left < 0;
    return !cut;
  }

  private void text(String raw) {
    String text = Utf8Bound.cut(raw, left);
    boolean whole = text.length() == raw.length();
    if (code != null) {
      code.append(WellFormed.of(text));
    } else {
      runs.append(inlineCode > 0 ? Kind.CODE : Kind.TEXT, text, link, style());
    }
    take(whole ? NODE_BYTES + text.length() : left + 1);
  }

  private Style style() {
    return strong > 0 ? Style.STRONG : emphasis > 0 ? Style.EMPHASIS : Style.PLAIN;
  }

  private void begin(String name, Element element) {
    if (code != null) {
      if (name.equals("br")) {
        code.append('\n');
      }
      return;
    }
    switch (name) {
      case "a" -> link = reference(element, "href");
      case "em", "i" -> emphasis++;
      case "strong", "b" -> strong++;
      case "code", "kbd", "samp", "tt" -> inlineCode++;
      case "br" -> lineBreak();
      case "img" -> image(element);
      default -> beginBlock(name, element);
    }
  }

  private void end(String name, Element element) {
    if (code != null) {
      if (element.equals(codeElement)) {
        endCode();
      }
      return;
    }
    switch (name) {
      case "a" -> link = null;
      case "em", "i" -> emphasis--;
      case "strong", "b" -> strong--;
      case "code", "kbd", "samp", "tt" -> inlineCode--;
      case "br", "img" -> {}
      default -> endOfBlock(name, element);
    }
  }

  /** Whether the current block cannot have others in it: it is a heading or a cell. */
  private boolean isLine() {
    return heading != null || (table != null && table.inCell());
  }

  private void beginBlock(String name, Element element) {
    if (isLine()) {
      breakAround(element);
      return;
    }
    switch (name) {
      case "h1", "h2", "h3", "h4", "h5", "h6" -> {
        endBlock();
        heading = new Heading();
        heading.setLevel(name.charAt(1) - '0');
      }
      case "hr" -> {
        endBlock();
        blocks.append(new ThematicBreak());
      }
      case "pre" -> {
        endBlock();
        code = new StringBuilder();
        codeElement = element;
        codeLanguage = CodeLanguage.of(element);
      }
      case "blockquote" -> {
        endBlock();
        blocks.open(element, new BlockQuote());
      }
      case "ul", "menu", "dir" -> {
        endBlock();
        blocks.openBullets(element);
      }
      case "ol" -> {
        endBlock();
        blocks.openNumbers(element);
      }
      case "li" -> {
        endBlock();
        blocks.openItem(element);
      }
      case "table" -> {
        endBlock();
        if (tables.contains(element)) {
          table = new TableNodes();
        }
      }
      case "tr" -> {
        endBlock();
        if (table != null) {
          table.beginRow();
        }
      }
      case "td", "th" -> {
        if (table == null) {
          runs.space();
        } else {
          endBlock();
          table.beginCell();
        }
      }
      default -> breakAround(element);
    }
  }

  private void endOfBlock(String name, Element element) {
    switch (name) {
      case "h1", "h2", "h3", "h4", "h5", "h6" -> {
        if (heading != null && heading.getLevel() == name.charAt(1) - '0') {
          endHeading();
        }
      }
      case "td", "th" -> {
        if (table != null) {
          table.endCell(runs);
        } else {
          runs.space();
        }
      }
      case "table" -> {
        if (table == null) {
          endBlock();
        } else if (tables.contains(element)) {
          endBlock();
          endTable();
        }
      }
      case "blockquote", "ul", "ol", "menu", "dir", "li" -> {
        if (!isLine()) {
          endBlock();
          blocks.close(element);
        }
      }
      default -> breakAround(element);
    }
  }

  /** A block begins or ends here. */
  private void breakAround(Element element) {
    if (!tree.isBlock(element) || code != null) {
      return;
    }
    if (isLine()) {
      runs.space();
    } else {
      endBlock();
    }
  }

  private void lineBreak() {
    if (isLine()) {
      runs.space();
    } else {
      runs.lineBreak();
    }
  }

  private void image(Element element) {
    String source = reference(element, "src");
    String alternative = element.attr("alt");
    if (source == null) {
      text(alternative);
    } else if (take(source.length() + alternative.length())) {
      InlineRuns alternativeText = new InlineRuns();
      alternativeText.append(Kind.TEXT, alternative, null, Style.PLAIN);
      runs.image(source, alternativeText.plain(), link, style());
    }
  }

  private @Nullable String reference(Element element, String attribute) {
    String reference = element.attr(attribute);
    Url url = reference.isBlank() ? null : tree.resolve(reference);
    if (url == null || !take(url.href().length())) {
      return null;
    }
    return url.href();
  }

  /** Ends the paragraph or heading that is being gathered, if there is one. */
  private void endBlock() {
    if (heading != null) {
      endHeading();
    } else if (!runs.isEmpty()) {
      if (table != null && table.inCell()) {
        table.endCell(runs);
      } else {
        blocks.paragraph(runs);
      }
    }
  }

  private void endHeading() {
    Heading ended = heading;
    heading = null;
    if (ended != null && !runs.isEmpty()) {
      runs.moveInto(ended);
      blocks.append(ended);
    }
  }

  private void endTable() {
    TableNodes ended = table;
    table = null;
    if (ended != null) {
      ended.appendTo(blocks);
    }
  }

  private void endCode() {
    StringBuilder ended = code;
    code = null;
    if (ended != null) {
      blocks.code(ended.toString(), codeLanguage);
    }
  }
}
