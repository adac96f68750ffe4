package io.sluice.parser.maintext;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Predicate;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/**
 * Finds blocks that consist of links: at least three, which hold two thirds of the block's text.
 * One walk over the tree; each element is judged at its end, by its content. Confined to one call.
 */
final class LinkBlocks implements NodeFilter {

  private static final int LEAST_LINKS = 3;

  private final Predicate<Element> passedOver;
  private final Set<Element> found = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Count> open = new ArrayDeque<>();
  private int linkDepth;

  private LinkBlocks(Predicate<Element> passedOver) {
    this.passedOver = passedOver;
  }

  /** The content of an element: its non-blank characters and its links. */
  private static final class Count {
    private int text;
    private int linkText;
    private int links;

    void add(Count inner) {
      text += inner.text;
      linkText += inner.linkText;
      links += inner.links;
    }

    boolean isLinks() {
      return links >= LEAST_LINKS && 3L * linkText >= 2L * text;
    }
  }

  /**
   * The link blocks in an element, compared by identity.
   *
   * @param passedOver elements that are left out anyway
   */
  static Set<Element> of(Element within, Predicate<Element> passedOver) {
    LinkBlocks blocks = new LinkBlocks(passedOver);
    blocks.open.push(new Count());
    within.filter(blocks);
    return blocks.found;
  }

  @Override
  public FilterResult head(Node node, int depth) {
    if (node instanceof TextNode leaf && !open.isEmpty()) {
      int characters = (int) leaf.getWholeText().chars().filter(c -> c > ' ').count();
      open.getFirst().text += characters;
      open.getFirst().linkText += linkDepth > 0 ? characters : 0;
    } else if (node instanceof Element element) {
      if (depth > 0 && passedOver.test(element)) {
        return FilterResult.SKIP_ENTIRELY;
      }
      open.push(new Count());
      if (isLink(element)) {
        linkDepth++;
        open.getFirst().links++;
      }
    }
    return FilterResult.CONTINUE;
  }

  @Override
  public FilterResult tail(Node node, int depth) {
    if (node instanceof Element element) {
      Count ended = open.pop();
      linkDepth -= isLink(element) ? 1 : 0;
      if (depth > 0 && element.isBlock() && ended.isLinks()) {
        found.add(element);
      } else {
        open.getFirst().add(ended);
      }
    }
    return FilterResult.CONTINUE;
  }

  private static boolean isLink(Element element) {
    return element.normalName().equals("a") && element.hasAttr("href");
  }
}
