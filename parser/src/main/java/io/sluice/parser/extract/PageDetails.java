package io.sluice.parser.extract;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The optional details of a page besides its links, title and text; empty if the page has none or
 * they are not wanted. Immutable.
 *
 * @param meta description, keywords, author, published and modified, as written
 * @param alternates other forms and neighbours of the page
 * @param openGraph Open Graph properties in order, each with its values
 * @param twitter properties of Twitter cards in order, each with its values
 * @param jsonLd JSON-LD blocks as written
 * @param microdata the types of microdata items, without duplicates
 * @param headings the headings that have text
 * @param html the decoded page; null if it is not wanted
 * @param cut whether details, apart from the page's HTML, were left out because they exceed {@link
 *     DetailBudget#MAX_CHARACTERS}
 */
public record PageDetails(
    Map<String, String> meta,
    Alternates alternates,
    Map<String, List<String>> openGraph,
    Map<String, List<String>> twitter,
    List<String> jsonLd,
    List<String> microdata,
    List<Heading> headings,
    @Nullable String html,
    boolean cut) {

  /** No details: none were found, or none are wanted. */
  public static final PageDetails NONE =
      new PageDetails(
          Map.of(),
          Alternates.NONE,
          Map.of(),
          Map.of(),
          List.of(),
          List.of(),
          List.of(),
          null,
          false);

  public PageDetails {
    meta = Collections.unmodifiableMap(new LinkedHashMap<>(meta));
    openGraph = Collections.unmodifiableMap(new LinkedHashMap<>(openGraph));
    twitter = Collections.unmodifiableMap(new LinkedHashMap<>(twitter));
    jsonLd = List.copyOf(jsonLd);
    microdata = List.copyOf(microdata);
    headings = List.copyOf(headings);
  }

  /**
   * A heading. Immutable.
   *
   * @param level 1 to 6
   * @param text its text on one line, at most {@link Passages#MAX_LENGTH} characters
   */
  public record Heading(int level, String text) {}

  /** The details of a document that is not read. */
  static PageDetails of(Alternates alternates, boolean cut) {
    return new PageDetails(
        Map.of(), alternates, Map.of(), Map.of(), List.of(), List.of(), List.of(), null, cut);
  }

  /** The same details without the page's HTML. */
  PageDetails withoutHtml() {
    return html == null
        ? this
        : new PageDetails(
            meta, alternates, openGraph, twitter, jsonLd, microdata, headings, null, cut);
  }

  /** Only the details that lead to other pages. */
  PageDetails withoutContent() {
    return new PageDetails(
        Map.of(), alternates, Map.of(), Map.of(), List.of(), List.of(), List.of(), null, cut);
  }
}
