package io.sluice.parser.extract;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Other forms and neighbours of a page, announced by its link elements and Link fields; absolute
 * URLs, one of which may be the page's own. Immutable.
 *
 * @param hreflang the page in other languages, by the language as written; the first URL of each
 *     language counts
 * @param amphtml the page for AMP; null if there is none
 * @param next the next page of a series; null if there is none
 * @param prev the previous one; null if there is none
 * @param feeds RSS, Atom and JSON feeds
 * @param sitemaps sitemaps
 */
public record Alternates(
    Map<String, String> hreflang,
    @Nullable String amphtml,
    @Nullable String next,
    @Nullable String prev,
    List<String> feeds,
    List<String> sitemaps) {

  /** A page that announces nothing. */
  public static final Alternates NONE =
      new Alternates(Map.of(), null, null, null, List.of(), List.of());

  public Alternates {
    hreflang = Collections.unmodifiableMap(new LinkedHashMap<>(hreflang));
    feeds = List.copyOf(feeds);
    sitemaps = List.copyOf(sitemaps);
  }

  /** Whether nothing was announced. */
  public boolean isEmpty() {
    return hreflang.isEmpty()
        && amphtml == null
        && next == null
        && prev == null
        && feeds.isEmpty()
        && sitemaps.isEmpty();
  }

  /** These alternates, and those of {@code others} that are not among them. */
  Alternates and(Alternates others) {
    Map<String, String> languages = new LinkedHashMap<>(hreflang);
    others.hreflang().forEach(languages::putIfAbsent);
    return new Alternates(
        languages,
        amphtml == null ? others.amphtml() : amphtml,
        next == null ? others.next() : next,
        prev == null ? others.prev() : prev,
        both(feeds, others.feeds()),
        both(sitemaps, others.sitemaps()));
  }

  private static List<String> both(List<String> some, List<String> others) {
    return Stream.concat(some.stream(), others.stream()).distinct().toList();
  }
}
