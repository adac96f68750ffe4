package io.sluice.parser.markdown;

import java.util.ArrayDeque;
import java.util.Deque;
import org.commonmark.node.Block;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Document;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * A document's blocks, and the quotations, lists and items that are open. Blocks nested deeper than
 * {@link #MAX_DEPTH} are placed in the one at that depth. Confined to one walk.
 */
final class Blocks {

  /** Maximum number of nested quotations, lists and items: a line begins with all their marks. */
  private static final int MAX_DEPTH = 24;

  private static final int MAX_NUMBER = 999_999_999;
  private static final int LEAST_FENCE = 3;

  private final Document document = new Document();
  private final Deque<Open> open = new ArrayDeque<>();

  /** An open block, and the element that it was opened for. */
  private record Open(Element element, Block block) {}

  Node document() {
    while (!open.isEmpty()) {
      close(open.getFirst().element());
    }
    return document;
  }

  void append(Block block) {
    Node container = container();
    if (container instanceof ListBlock) {
      container = item(container);
    }
    container.appendChild(block);
  }

  private Node container() {
    return open.isEmpty() ? document : open.getFirst().block();
  }

  /** The last item of a list; content that stands directly in a list belongs to it. */
  private static Node item(Node list) {
    Node last = list.getLastChild();
    if (last == null) {
      last = new ListItem();
      list.appendChild(last);
    }
    return last;
  }

  void paragraph(InlineRuns runs) {
    Paragraph paragraph = new Paragraph();
    runs.moveInto(paragraph);
    append(paragraph);
  }

  /** Appends a code block; one line feed at its start is dropped, and all at its end. */
  void code(String text, String language) {
    String lines = text.replace("\r\n", "\n").replace('\r', '\n').replace('\0', '\uFFFD');
    String code = (lines.startsWith("\n") ? lines.substring(1) : lines).stripTrailing();
    if (code.isEmpty()) {
      return;
    }
    int fence = LEAST_FENCE;
    int run = 0;
    for (int at = 0; at < code.length(); at++) {
      run = code.charAt(at) == '`' ? run + 1 : 0;
      fence = Math.max(fence, run + 1);
    }
    FencedCodeBlock block = new FencedCodeBlock();
    block.setFenceCharacter("`");
    block.setOpeningFenceLength(fence);
    block.setClosingFenceLength(fence);
    block.setInfo(language);
    block.setLiteral(code + "\n");
    append(block);
  }

  void open(Element element, BlockQuote quote) {
    push(element, quote);
  }

  void openBullets(Element element) {
    BulletList list = new BulletList();
    // Lists with the same mark in a row would be read as one; a star could begin a rule.
    list.setMarker(lastBlock() instanceof BulletList before && isDash(before) ? "+" : "-");
    list.setTight(true);
    push(element, list);
  }

  private static boolean isDash(BulletList list) {
    return "-".equals(list.getMarker());
  }

  void openNumbers(Element element) {
    OrderedList list = new OrderedList();
    list.setMarkerStartNumber(start(element.attr("start")));
    list.setMarkerDelimiter(
        lastBlock() instanceof OrderedList before && ".".equals(before.getMarkerDelimiter())
            ? ")"
            : ".");
    list.setTight(true);
    push(element, list);
  }

  private static int start(String text) {
    return text.matches("\\d{1,9}") ? Math.min(Integer.parseInt(text), MAX_NUMBER) : 1;
  }

  /**
   * The block that the next one will follow; null if the next one will be the first in its
   * container.
   */
  private @Nullable Node lastBlock() {
    Node container = container();
    Node last = container instanceof ListBlock ? container.getLastChild() : container;
    return last == null ? null : last.getLastChild();
  }

  /** Opens an item of the innermost list; outside of a list an item is a paragraph. */
  void openItem(Element element) {
    if (container() instanceof ListBlock && open.size() < MAX_DEPTH) {
      ListItem item = new ListItem();
      container().appendChild(item);
      open.push(new Open(element, item));
    }
  }

  private void push(Element element, Block block) {
    if (open.size() < MAX_DEPTH) {
      append(block);
      open.push(new Open(element, block));
    }
  }

  /** Closes the block that was opened for an element, if there is one. */
  void close(Element element) {
    if (open.isEmpty() || !open.getFirst().element().equals(element)) {
      return;
    }
    Block closed = open.pop().block();
    if (closed instanceof ListBlock list) {
      finish(list);
    }
    if (closed.getFirstChild() == null) {
      closed.unlink();
    }
  }

  /** Sets the items' indents and whether empty lines part them. */
  private static void finish(ListBlock list) {
    int number = list instanceof OrderedList ordered ? ordered.getMarkerStartNumber() : 0;
    Node next;
    for (Node node = list.getFirstChild(); node != null; node = next) {
      next = node.getNext();
      if (node.getFirstChild() == null) {
        node.unlink();
        continue;
      }
      ListItem item = (ListItem) node;
      int mark = list instanceof OrderedList ? String.valueOf(number++).length() + 1 : 1;
      item.setMarkerIndent(0);
      item.setContentIndent(mark + 1);
      list.setTight(list.isTight() && isTight(item));
    }
  }

  /** Whether an item's blocks are told apart without empty lines between them. */
  private static boolean isTight(ListItem item) {
    Node first = item.getFirstChild();
    for (Node node = first; node != null; node = node.getNext()) {
      boolean fits =
          switch (node) {
            case BulletList _ -> node.equals(first) || node.getPrevious() instanceof Paragraph;
            case OrderedList list -> node.equals(first) || list.getMarkerStartNumber() == 1;
            default -> node.equals(first) && node instanceof Paragraph;
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }
}
