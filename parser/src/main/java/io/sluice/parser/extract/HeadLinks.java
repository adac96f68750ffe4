package io.sluice.parser.extract;

import io.sluice.core.message.Header;
import io.sluice.core.url.FieldUrl;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the alternates that link elements and Link fields announce, as references until their
 * base is known. Confined to its page's extraction.
 */
final class HeadLinks {

  private static final Set<String> FEED_TYPES =
      Set.of("application/rss+xml", "application/atom+xml", "application/feed+json");

  private final Map<String, String> languages = new LinkedHashMap<>();
  private final Set<String> feeds = new LinkedHashSet<>();
  private final Set<String> sitemaps = new LinkedHashSet<>();
  private @Nullable String amphtml;
  private @Nullable String next;
  private @Nullable String prev;

  /**
   * The alternates that a response's Link fields announce (RFC 8288), relative to the page's URL.
   */
  static Alternates ofFields(Document page, LinkResolver resolver, DetailBudget budget) {
    HeadLinks links = new HeadLinks();
    for (Header header : page.headers()) {
      if (header.name().equalsIgnoreCase("link")) {
        for (LinkField field : LinkField.parse(FieldUrl.text(header.value()))) {
          links.add(
              field.target(),
              orEmpty(field.rel()),
              orEmpty(field.hreflang()),
              orEmpty(field.type()),
              budget);
        }
      }
    }
    return links.resolved(href -> resolver.absoluteOfField(href, budget));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /**
   * Takes a link element or Link field.
   *
   * @param budget bounds the memory of the references
   */
  void add(String href, String relations, String hreflang, String type, DetailBudget budget) {
    if (href.isBlank() || relations.isBlank()) {
      return;
    }
    String rel = relations.toLowerCase(Locale.ROOT);
    String language = WellFormed.of(hreflang.strip());
    boolean alternate = Words.has(rel, "alternate");
    if (alternate && !language.isEmpty()) {
      if (!languages.containsKey(language) && budget.fits(language + href)) {
        languages.put(language, href);
      }
    } else if (Words.has(rel, "feed") || (alternate && isFeed(type))) {
      keep(feeds, href, budget);
    }
    if (Words.has(rel, "sitemap")) {
      keep(sitemaps, href, budget);
    }
    if (amphtml == null && Words.has(rel, "amphtml") && budget.fits(href)) {
      amphtml = href;
    }
    if (next == null && Words.has(rel, "next") && budget.fits(href)) {
      next = href;
    }
    if (prev == null
        && (Words.has(rel, "prev") || Words.has(rel, "previous"))
        && budget.fits(href)) {
      prev = href;
    }
  }

  private static void keep(Set<String> into, String href, DetailBudget budget) {
    if (!into.contains(href) && budget.fits(href)) {
      into.add(href);
    }
  }

  private static boolean isFeed(String type) {
    int end = type.indexOf(';');
    String essence = end < 0 ? type : type.substring(0, end);
    return FEED_TYPES.contains(essence.strip().toLowerCase(Locale.ROOT));
  }

  /**
   * The announced alternates, with absolute URLs.
   *
   * @param resolve makes a reference absolute; returns the empty string for one to be left out
   */
  Alternates resolved(UnaryOperator<String> resolve) {
    Map<String, String> urls = new LinkedHashMap<>();
    languages.forEach((language, href) -> urls.put(language, resolve.apply(href)));
    urls.values().removeIf(String::isEmpty);
    return new Alternates(
        urls,
        absolute(amphtml, resolve),
        absolute(next, resolve),
        absolute(prev, resolve),
        absolute(feeds, resolve),
        absolute(sitemaps, resolve));
  }

  private static @Nullable String absolute(@Nullable String href, UnaryOperator<String> resolve) {
    String url = href == null ? "" : resolve.apply(href);
    return url.isEmpty() ? null : url;
  }

  private static List<String> absolute(Set<String> hrefs, UnaryOperator<String> resolve) {
    return hrefs.stream().map(resolve).filter(url -> !url.isEmpty()).distinct().toList();
  }
}
