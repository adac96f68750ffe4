package io.sluice.parser.extract;

import io.sluice.parser.encoding.Encoding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content extracted from a page. Immutable.
 *
 * @param title the title's text, whitespace collapsed; null if there is none
 * @param text the visible text: words separated by one space, blocks by one line feed
 * @param language the language that the root element declares; null if it declares none
 * @param canonical the URL of the canonical link; null if there is none
 * @param robots the robots directives that apply to this crawler, in lower case, without duplicates
 * @param links the http(s) links in document order, without duplicates and links to the page itself
 * @param refresh the target of the page's refresh, which is followed like a redirect; null if there
 *     is none
 * @param declared the encoding that the first meta element to name one declares; null if none does
 * @param details the optional fields that the configuration turns on
 * @param textCut whether the text was longer than its bound
 * @param linksCut whether there were more links than the bound
 */
public record Extract(
    @Nullable String title,
    String text,
    @Nullable String language,
    @Nullable String canonical,
    List<String> robots,
    List<Link> links,
    @Nullable String refresh,
    @Nullable Encoding declared,
    PageDetails details,
    boolean textCut,
    boolean linksCut) {

  public Extract {
    robots = List.copyOf(robots);
    links = List.copyOf(links);
  }

  /** The extract of a page that could not be read. */
  public static final Extract NOTHING =
      new Extract(
          null, "", null, null, List.of(), List.of(), null, null, PageDetails.NONE, false, false);

  /** The same extract without the page's content: its title, its text and the text of its links. */
  public Extract withoutContent() {
    return new Extract(
        null,
        "",
        language,
        canonical,
        robots,
        links.stream().map(link -> link.withText(null)).toList(),
        refresh,
        declared,
        details.withoutContent(),
        false,
        linksCut);
  }

  /** The same extract without the page's HTML. */
  public Extract withoutHtml() {
    return new Extract(
        title,
        text,
        language,
        canonical,
        robots,
        links,
        refresh,
        declared,
        details.withoutHtml(),
        textCut,
        linksCut);
  }
}
