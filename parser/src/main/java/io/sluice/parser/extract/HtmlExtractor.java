package io.sluice.parser.extract;

import io.sluice.core.message.Header;
import io.sluice.core.url.Url;
import java.util.List;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;

/**
 * Extracts what a page says: one jsoup parse, whose depth jsoup bounds, and one walk over the tree.
 * Confined to its worker's thread: its buffers are used again.
 */
public final class HtmlExtractor {

  private final ExtractBounds bounds;
  private final TextBuffer title;
  private final TextBuffer text;

  /** An extractor that keeps within {@code bounds}. */
  public HtmlExtractor(ExtractBounds bounds) {
    this.bounds = bounds;
    this.title = new TextBuffer(bounds.maxTextBytes());
    this.text = new TextBuffer(bounds.maxTextBytes());
  }

  /**
   * Extracts an HTML page.
   *
   * @param page the page's URL
   * @param headers its response fields
   */
  public Extract html(String html, Url page, List<Header> headers) {
    title.clear();
    text.clear();
    RobotsDirectives robots = fromHeaders(headers);
    PageVisitor visitor = new PageVisitor(title, text, robots);
    Jsoup.parse(html).traverse(visitor);
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase("refresh")) {
        visitor.refresh(header.value());
      }
    }
    boolean follow = !(bounds.obeyRobots() && robots.noFollow());
    LinkResolver links = new LinkResolver(page, visitor.base(), bounds, follow);
    links.add(visitor.links());
    return new Extract(
        titleText(),
        text.toString(),
        visitor.language(),
        links.canonical(),
        robots.all(),
        links.links(),
        text.cut(),
        links.cut());
  }

  /** What the response fields alone say, for a page that is not HTML. */
  public Extract other(List<Header> headers) {
    return Extract.ofOther(fromHeaders(headers).all());
  }

  private @Nullable String titleText() {
    return title.isEmpty() ? null : title.toString();
  }

  private RobotsDirectives fromHeaders(List<Header> headers) {
    RobotsDirectives robots = new RobotsDirectives(bounds.robotsToken());
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase("x-robots-tag")) {
        robots.header(header.value());
      }
    }
    return robots;
  }
}
