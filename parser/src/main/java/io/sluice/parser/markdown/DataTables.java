package io.sluice.parser.markdown;

import io.sluice.parser.extract.PageTree;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.select.NodeVisitor;

/**
 * Finds the tables that Markdown can express: a row has at least two cells, and no cell has a
 * table, list, heading, quotation or code block. One walk. Confined to one call.
 */
final class DataTables implements NodeVisitor {

  private final PageTree tree;
  private final Set<Element> found = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Judged> open = new ArrayDeque<>();

  private DataTables(PageTree tree) {
    this.tree = tree;
  }

  /** A table while it is walked over. */
  private static final class Judged {
    private int cells;
    private boolean wide;
    private boolean complex;
  }

  /** The tables within an element, compared by identity. */
  static Set<Element> of(PageTree tree, Element place) {
    DataTables tables = new DataTables(tree);
    place.traverse(tables);
    return tables.found;
  }

  @Override
  public void head(Node node, int depth) {
    if (!(node instanceof Element element)) {
      return;
    }
    String name = tree.nameOf(element);
    Judged judged = open.peek();
    if (judged != null) {
      switch (name) {
        case "tr" -> judged.cells = 0;
        case "td", "th" -> judged.wide |= ++judged.cells > 1;
        case "table", "ul", "ol", "menu", "dir", "pre", "blockquote" -> judged.complex = true;
        case "h1", "h2", "h3", "h4", "h5", "h6" -> judged.complex = true;
        default -> {}
      }
    }
    if (name.equals("table")) {
      open.push(new Judged());
    }
  }

  @Override
  public void tail(Node node, int depth) {
    if (node instanceof Element element && tree.nameOf(element).equals("table")) {
      Judged ended = open.pop();
      if (ended.wide && !ended.complex) {
        found.add(element);
      }
    }
  }
}
