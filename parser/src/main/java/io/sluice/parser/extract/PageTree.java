package io.sluice.parser.extract;

import io.sluice.core.url.QueryEncoder;
import io.sluice.core.url.Url;
import java.util.function.Predicate;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeFilter;
import org.jspecify.annotations.Nullable;

/**
 * The tree of an HTML or XHTML page, for the operator's own fields, the main text and its Markdown,
 * which a scan cannot find. It is built only if the configuration turns one of these on. Confined
 * to its worker's thread.
 */
public final class PageTree {

  private final Document document;
  private final Names names;
  private final Url page;
  private final @Nullable QueryEncoder queryEncoder;
  private final boolean cut;
  private @Nullable Url base;

  private PageTree(
      Document document, Names names, io.sluice.parser.extract.Document page, boolean cut) {
    this.document = document;
    this.names = names;
    this.page = page.url();
    this.queryEncoder = page.encoding().queryEncoder();
    this.cut = cut;
  }

  /**
   * Builds the tree of a page.
   *
   * @param source the decoded page
   * @param xhtml whether it is well-formed XHTML
   * @param page its URL and encoding
   * @param maxBytes maximum memory of the tree; the rest of the page is cut off
   */
  public static PageTree of(
      String source, boolean xhtml, io.sluice.parser.extract.Document page, long maxBytes) {
    Parser parser = xhtml ? Parser.xmlParser() : Parser.htmlParser();
    try (MeteredReader reader = new MeteredReader(source, maxBytes)) {
      Document document = parser.parseInput(reader, "");
      return new PageTree(document, new Names(xhtml), page, reader.cut());
    }
  }

  /** The tree; borrowed, and must not be changed. */
  public Document document() {
    return document;
  }

  /** Whether the end of the page is missing because the tree reached its maximum memory. */
  public boolean cut() {
    return cut;
  }

  /**
   * The absolute form of a reference (HTML standard, 2.4.3: by the first base element with a usable
   * href); null if it is not an http or https URL.
   */
  public @Nullable Url resolve(String reference) {
    return base().resolve(reference.strip(), queryEncoder);
  }

  private Url base() {
    Url known = base;
    if (known == null) {
      Element first =
          document.select("base[href]").stream()
              .filter(element -> element.closest("template") == null)
              .findFirst()
              .orElse(null);
      Url given = first == null ? null : page.resolve(first.attr("href").strip(), queryEncoder);
      known = given == null ? page : given;
      base = known;
    }
    return known;
  }

  /**
   * An HTML element's name without a prefix; an SVG element's, prefixed with {@code svg:}; empty
   * for others.
   */
  public String nameOf(Element element) {
    return names.of(element);
  }

  /** Whether an element occupies lines of its own. */
  public boolean isBlock(Element element) {
    return names.isBlock(names.of(element), element);
  }

  /**
   * Whether the content of an element is not text.
   *
   * @param name the result of {@link #nameOf}
   */
  public static boolean isInert(String name) {
    return switch (name) {
      case "template", "script", "style", "svg:script", "svg:style" -> true;
      default -> false;
    };
  }

  /**
   * The text of an element in the form of a page's text: words separated by one space, blocks by
   * one line feed. Scripts, styles and templates have none.
   *
   * @param maxBytes maximum length in UTF-8 bytes; the rest is cut off
   * @param passedOver elements below it whose text is left out
   */
  public Text text(Element element, int maxBytes, Predicate<Element> passedOver) {
    TextBuffer text = new TextBuffer(maxBytes);
    element.filter(new TextFilter(text, passedOver));
    return new Text(text.toString(), text.cut());
  }

  /**
   * A text.
   *
   * @param cut whether it was longer than its bound
   */
  public record Text(String value, boolean cut) {}

  /** Appends text while a tree is walked, and ends the walk once the buffer is full. */
  private final class TextFilter implements NodeFilter {

    private final TextBuffer text;
    private final Predicate<Element> passedOver;
    private int preDepth;

    TextFilter(TextBuffer text, Predicate<Element> passedOver) {
      this.text = text;
      this.passedOver = passedOver;
    }

    @Override
    public FilterResult head(Node node, int depth) {
      if (node instanceof TextNode leaf) {
        text.append(leaf.getWholeText(), preDepth > 0);
        return text.cut() ? FilterResult.STOP : FilterResult.CONTINUE;
      }
      if (!(node instanceof Element element)) {
        return FilterResult.CONTINUE;
      }
      String name = names.of(element);
      separate(name, element);
      if (isInert(name) || (depth > 0 && passedOver.test(element))) {
        return FilterResult.SKIP_ENTIRELY;
      }
      preDepth += name.equals("pre") ? 1 : 0;
      return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
      if (node instanceof Element element) {
        String name = names.of(element);
        preDepth -= name.equals("pre") ? 1 : 0;
        separate(name, element);
      }
      return FilterResult.CONTINUE;
    }

    private void separate(String name, Element element) {
      switch (name) {
        case "td", "th", "option" -> text.space();
        case "br" -> text.lineBreak();
        default -> {
          if (names.isBlock(name, element)) {
            text.lineBreak();
          }
        }
      }
    }
  }
}
