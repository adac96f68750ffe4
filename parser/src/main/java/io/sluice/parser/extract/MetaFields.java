package io.sluice.parser.extract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers a page's metadata from meta elements and JSON-LD: description, keywords, author and dates
 * as written, and the properties of Open Graph and Twitter cards. If a field has several sources,
 * the first in the page counts, with meta elements before JSON-LD. Confined to its page's
 * extraction.
 */
final class MetaFields {

  private static final String PUBLISHED = "published";
  private static final String MODIFIED = "modified";

  /** The fields in their order in the output. */
  private static final List<String> ORDER =
      List.of("description", "keywords", "author", PUBLISHED, MODIFIED);

  /**
   * Fields by the lower-case name of a meta element: HTML's, Open Graph's, Dublin Core's and
   * others.
   */
  private static final Map<String, String> FIELDS = fields();

  /** Namespaces of the Open Graph protocol. */
  private static final List<String> OPEN_GRAPH =
      List.of("og:", "article:", "book:", "profile:", "music:", "video:");

  private final DetailBudget budget;
  private final Map<String, String> meta = new HashMap<>();
  private final Map<String, String> linkedData = new HashMap<>();
  private final Map<String, List<String>> openGraph = new LinkedHashMap<>();
  private final Map<String, List<String>> twitter = new LinkedHashMap<>();

  /**
   * @param budget bounds the memory of the values
   */
  MetaFields(DetailBudget budget) {
    this.budget = budget;
  }

  private static Map<String, String> fields() {
    Map<String, String> fields = new HashMap<>();
    for (String name : List.of("description", "keywords", "author")) {
      fields.put(name, name);
    }
    for (String name :
        List.of(
            "article:published_time",
            "date",
            "pubdate",
            "publishdate",
            "publish-date",
            "publish_date",
            "publication_date",
            "datepublished",
            "dc.date",
            "dc.date.issued",
            "dc.date.created",
            "dcterms.date",
            "dcterms.issued",
            "dcterms.created",
            "citation_publication_date",
            "parsely-pub-date")) {
      fields.put(name, PUBLISHED);
    }
    for (String name :
        List.of(
            "article:modified_time",
            "og:updated_time",
            "last-modified",
            "datemodified",
            "dc.date.modified",
            "dcterms.modified")) {
      fields.put(name, MODIFIED);
    }
    return Map.copyOf(fields);
  }

  /** Takes a meta element's name, from whichever attribute holds it, and its content. */
  void described(String name, String content) {
    String field = FIELDS.get(name.strip().toLowerCase(Locale.ROOT));
    String value = WellFormed.of(content.strip());
    if (field != null && !value.isEmpty() && !meta.containsKey(field) && budget.fits(value)) {
      meta.put(field, value);
    }
  }

  /** Takes a property if it is one of Open Graph or Twitter cards. */
  void social(String property, String content) {
    String name = WellFormed.of(property.strip().toLowerCase(Locale.ROOT));
    if (name.startsWith("twitter:")) {
      add(twitter, name, content);
    } else if (OPEN_GRAPH.stream().anyMatch(name::startsWith)) {
      add(openGraph, name, content);
    }
  }

  private void add(Map<String, List<String>> to, String name, String content) {
    String value = WellFormed.of(content.strip());
    if (!value.isEmpty() && budget.fits(name + value)) {
      to.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
    }
  }

  /** Takes a member of JSON-LD. */
  void linkedData(String name, String value) {
    String field =
        switch (name) {
          case "datePublished" -> PUBLISHED;
          case "dateModified" -> MODIFIED;
          default -> null;
        };
    if (field != null && !value.isBlank() && !linkedData.containsKey(field) && budget.fits(value)) {
      linkedData.put(field, WellFormed.of(value.strip()));
    }
  }

  Map<String, String> meta() {
    Map<String, String> ordered = new LinkedHashMap<>();
    for (String field : ORDER) {
      @Nullable String value = meta.getOrDefault(field, linkedData.get(field));
      if (value != null) {
        ordered.put(field, value);
      }
    }
    return ordered;
  }

  Map<String, List<String>> openGraph() {
    return openGraph;
  }

  Map<String, List<String>> twitter() {
    return twitter;
  }
}
