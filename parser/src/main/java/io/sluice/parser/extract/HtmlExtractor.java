package io.sluice.parser.extract;

import io.sluice.core.message.Header;
import io.sluice.core.url.FieldUrl;
import io.sluice.core.url.Url;
import java.util.List;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Extracts a document's content. HTML is scanned without a tree if possible. Otherwise, and for
 * XML, jsoup parses the document and one walk goes over the tree; jsoup bounds the tree's depth and
 * a {@link MeteredReader} its memory. Confined to its worker's thread, since its buffers are
 * reused.
 */
public final class HtmlExtractor {

  /** Maximum total length of a page's links, in characters; further links are left out. */
  public static final int MAX_LINK_CHARACTERS = 1 << 20;

  /** Minimum memory for a page's references, in bytes. */
  private static final long LEAST_LINK_BYTES = 1 << 20;

  private final ExtractBounds bounds;
  private final TextBuffer title;
  private final TextBuffer text;
  private final ScannedPage scanned;
  private final Runnable treeFallbacks;

  /** An extractor that keeps within {@code bounds}. */
  public HtmlExtractor(ExtractBounds bounds) {
    this(bounds, () -> {});
  }

  /**
   * An extractor that keeps within {@code bounds}.
   *
   * @param treeFallbacks run for each HTML page that needs a tree
   */
  public HtmlExtractor(ExtractBounds bounds, Runnable treeFallbacks) {
    this.bounds = bounds;
    this.title = new TextBuffer(bounds.maxTextBytes());
    this.text = new TextBuffer(bounds.maxTextBytes());
    this.scanned =
        new ScannedPage(
            new PageContent(
                title, text, new RobotsDirectives(bounds.robotsToken()), 0, Wanted.NOTHING),
            bounds.wanted());
    this.treeFallbacks = treeFallbacks;
  }

  /**
   * Extracts an HTML page in UTF-8.
   *
   * @param page the page's URL
   * @param headers the fields of the response that carried it
   */
  public Extract html(String html, Url page, List<Header> headers) {
    return html(html, Document.utf8(page, headers));
  }

  /** Extracts an HTML page: by a scan if that succeeds, otherwise from a tree. */
  public Extract html(String html, Document page) {
    Extract extract = scan(html, page);
    if (extract != null) {
      return extract;
    }
    treeFallbacks.run();
    return tree(html, page);
  }

  /** Extracts an HTML page without a tree; null if the page needs one. */
  public @Nullable Extract scan(String html, Document page) {
    RobotsDirectives robots = fromHeaders(page.headers());
    // The scanner's copy of the page, at two bytes per character, uses memory meant for a tree.
    long left = Math.max(LEAST_LINK_BYTES, bounds.maxTreeBytes() - 2L * html.length());
    PageContent content = begin(page, robots, left);
    return scanned.read(html, content) ? extract(content, robots, true, page, html) : null;
  }

  /** Extracts an HTML page from its tree; a scan that succeeds gives the same extract. */
  public Extract tree(String html, Document page) {
    return extract(Parser.htmlParser(), html, page);
  }

  /** Extracts a page that is well-formed XHTML (HTML standard, 14). */
  public Extract xhtml(String xml, Document page) {
    return extract(Parser.xmlParser(), xml, page);
  }

  private Extract extract(Parser parser, String source, Document page) {
    TagAttributes attributes = new TagAttributes(null);
    Extract extract = extract(parser, source, attributes, page);
    if (!attributes.incomplete()) {
      return extract;
    }
    parser.setTrackPosition(true);
    return extract(parser, source, new TagAttributes(source), page);
  }

  private Extract extract(Parser parser, String source, TagAttributes attributes, Document page) {
    RobotsDirectives robots = fromHeaders(page.headers());
    PageContent content = begin(page, robots, bounds.maxTreeBytes());
    Names names = new Names(parser.defaultNamespace().equals(Parser.NamespaceXml));
    boolean whole = walk(parser, source, new PageVisitor(names, attributes, content));
    return extract(content, robots, whole, page, source);
  }

  private PageContent begin(Document page, RobotsDirectives robots, long maxLinkBytes) {
    title.clear();
    text.clear();
    PageContent content = new PageContent(title, text, robots, maxLinkBytes, bounds.wanted());
    content.refreshField(refreshField(page));
    return content;
  }

  private Extract extract(
      PageContent content, RobotsDirectives robots, boolean whole, Document page, String source) {
    DetailContent details = content.details();
    if (details != null) {
      details.endCode();
    }
    LinkResolver links = resolver(page, content.base(), robots);
    links.add(content);
    boolean moves = bounds.follows(robots) && page.hops() < bounds.maxRefreshes();
    return new Extract(
        title.isEmpty() ? null : title.toString(),
        text.toString(),
        content.language(),
        links.canonical(),
        robots.all(),
        links.links(),
        moves ? content.refresh().target(links) : null,
        content.declared(),
        details == null ? PageDetails.NONE : details.finish(page, links, source),
        text.cut() || !whole,
        links.cut() || content.cut() || !whole);
  }

  /** Walks over a document's tree; returns whether the tree holds the whole document. */
  private boolean walk(Parser parser, String source, NodeVisitor visitor) {
    try (MeteredReader reader = new MeteredReader(source, bounds.maxTreeBytes())) {
      parser.parseInput(reader, "").traverse(visitor);
      return !reader.cut();
    }
  }

  /** Extracts XML that is not XHTML: the text of its elements, each on its own line. */
  public Extract xml(String xml, Document document) {
    text.clear();
    boolean whole = walk(Parser.xmlParser(), xml, new XmlText(text));
    return fieldsAnd(text.toString(), text.cut() || !whole, document);
  }

  /** Extracts text without markup: the text unchanged, except for whitespace around it. */
  public Extract plain(String plain, Document document) {
    String stripped = WellFormed.of(plain.strip());
    String fitting = Utf8Bound.cut(stripped, bounds.maxTextBytes());
    return fieldsAnd(fitting, fitting.length() < stripped.length(), document);
  }

  /** The extract of a document that is not read: only what its response fields declare. */
  public Extract other(Document document) {
    return fieldsAnd("", false, document);
  }

  private Extract fieldsAnd(String content, boolean cut, Document document) {
    RobotsDirectives robots = fromHeaders(document.headers());
    LinkResolver links = resolver(document, null, robots);
    return new Extract(
        null,
        content,
        null,
        links.canonical(),
        robots.all(),
        links.links(),
        null,
        null,
        details(document, links),
        cut,
        links.cut());
  }

  private PageDetails details(Document document, LinkResolver links) {
    if (!bounds.wanted().has(PageField.ALTERNATES)) {
      return PageDetails.NONE;
    }
    DetailBudget budget = new DetailBudget();
    Alternates alternates = HeadLinks.ofFields(document, links, budget);
    return PageDetails.of(alternates, budget.cut());
  }

  private LinkResolver resolver(Document page, @Nullable String base, RobotsDirectives robots) {
    LinkResolver links = new LinkResolver(page, base, bounds, bounds.follows(robots));
    for (Header header : page.headers()) {
      if (header.name().equalsIgnoreCase("link")) {
        links.addField(FieldUrl.text(header.value()));
      } else if (header.name().equalsIgnoreCase("content-location")) {
        links.addLocation(FieldUrl.text(header.value()));
      }
    }
    return links;
  }

  private static @Nullable String refreshField(Document page) {
    for (Header header : page.headers()) {
      if (header.name().equalsIgnoreCase("refresh")) {
        return FieldUrl.text(header.value());
      }
    }
    return null;
  }

  private RobotsDirectives fromHeaders(List<Header> headers) {
    return RobotsDirectives.ofFields(bounds.robotsToken(), headers);
  }
}
