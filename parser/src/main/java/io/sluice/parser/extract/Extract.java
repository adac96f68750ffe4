package io.sluice.parser.extract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a page says. Immutable.
 *
 * @param title the title's text, whitespace collapsed; null where there is none
 * @param text the visible text: words parted by one space, blocks by one line feed
 * @param language the language that the root element declares; null where it declares none
 * @param canonical the URL of the canonical link; null where there is none
 * @param robots the robots directives that concern this crawler, lower case, each once
 * @param links the http(s) links, each URL once, in document order; not those to the page itself
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
    boolean textCut,
    boolean linksCut) {

  public Extract {
    robots = List.copyOf(robots);
    links = List.copyOf(links);
  }

  /** What a page says that is no HTML. */
  public static Extract ofOther(List<String> robots) {
    return new Extract(null, "", null, null, robots, List.of(), false, false);
  }
}
