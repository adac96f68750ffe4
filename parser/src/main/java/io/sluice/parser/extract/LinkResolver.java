package io.sluice.parser.extract;

import io.sluice.core.url.QueryEncoder;
import io.sluice.core.url.Url;
import io.sluice.parser.extract.PageContent.RawLink;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a page's references into its links: each is resolved once, against a base that is parsed
 * once. Confined to its page's extraction.
 */
final class LinkResolver {

  /** Stands for a reference that is not a link: not http(s), too long, or the page itself. */
  static final String NO_LINK = "";

  private final Url page;
  private final Url base;
  private final ExtractBounds bounds;
  private final boolean followPage;
  private final @Nullable QueryEncoder queryEncoder;
  private final Map<String, String> byReference = new HashMap<>(256);
  private final Map<String, Link> byUrl = new LinkedHashMap<>(256);
  private @Nullable String canonical;
  private @Nullable String fieldsCanonical;
  private boolean cut;
  private boolean full;
  private int recordedLinks;
  private int recordedCharacters;
  private int characters;

  /**
   * @param baseHref the base element's href; null if there is none
   * @param followPage whether any link of this page may be followed
   */
  LinkResolver(
      Document document, @Nullable String baseHref, ExtractBounds bounds, boolean followPage) {
    this.page = document.url();
    this.queryEncoder = document.encoding().queryEncoder();
    Url resolved = baseHref == null ? null : page.resolve(baseHref, queryEncoder);
    this.base = resolved == null ? page : resolved;
    this.bounds = bounds;
    this.followPage = followPage;
  }

  /** Takes a page's references in document order until a bound is reached. */
  void add(PageContent content) {
    List<RawLink> references = content.links();
    for (int i = 0; i < references.size(); i++) {
      add(references.get(i), content.anchorText(i));
      if (full) {
        return;
      }
    }
  }

  /** Takes the links of a Link field, whose references are relative to the page's URL. */
  void addField(String value) {
    for (LinkField field : LinkField.parse(value)) {
      Url url = page.resolve(field.target());
      RawLink link = new RawLink(field.target(), LinkKind.LINK, field.rel(), field.hreflang());
      if (isCanonical(link) && fieldsCanonical == null && url != null) {
        fieldsCanonical = url.href();
      }
      add(link, null, linkOrNot(url));
    }
  }

  /** Takes a Content-Location field, whose value is relative to the page's URL. */
  void addLocation(String value) {
    RawLink link = new RawLink(value, LinkKind.CONTENT_LOCATION, null, null);
    add(link, null, linkOrNot(page.resolve(value)));
  }

  private void add(RawLink reference, @Nullable String text) {
    String url = resolve(reference.href());
    if (isCanonical(reference) && canonical == null) {
      canonical = url.equals(NO_LINK) ? selfOrNull(reference.href()) : url;
    }
    add(reference, text, url);
  }

  private void add(RawLink reference, @Nullable String text, String url) {
    if (url.equals(NO_LINK)) {
      return;
    }
    boolean followable = follows(reference);
    Link known = byUrl.get(url);
    if (known == null) {
      int length = url.length() + (text == null ? 0 : text.length());
      if (takes(reference.kind(), length)) {
        byUrl.put(url, link(reference, url, text, followable));
      }
    } else {
      boolean better = followable && !known.followable();
      boolean worded = text != null && known.text() == null && fits(text.length());
      if (better || worded) {
        Link chosen = better ? link(reference, url, null, true) : known;
        byUrl.put(url, chosen.withText(worded ? text : known.text()));
      }
    }
  }

  /**
   * Reserves room for one more link. Links that are recorded but not followed have a share of their
   * own, so that a page's images never displace the links that the crawl follows.
   */
  private boolean takes(LinkKind kind, int length) {
    if (full) {
      return false;
    }
    boolean recorded = !bounds.follow().isEmpty() && !bounds.follow().contains(kind.word());
    if (recorded) {
      boolean fits =
          recordedLinks < bounds.maxLinks()
              && recordedCharacters + length <= HtmlExtractor.MAX_LINK_CHARACTERS / 2
              && fits(length);
      recordedLinks += fits ? 1 : 0;
      recordedCharacters += fits ? length : 0;
      cut |= !fits;
      return fits;
    }
    full = byUrl.size() - recordedLinks >= bounds.maxLinks() || !fits(length);
    cut |= full;
    return !full;
  }

  private static Link link(
      RawLink reference, String url, @Nullable String text, boolean followable) {
    return new Link(url, reference.kind(), reference.rel(), reference.hreflang(), text, followable);
  }

  private boolean follows(RawLink reference) {
    return followPage
        && bounds.follow().contains(reference.kind().word())
        && !(bounds.robots().relNofollow()
            && reference.rel() != null
            && Words.has(reference.rel(), "nofollow"));
  }

  /**
   * Reserves room for characters. With a long base, short references become long URLs, so a bound
   * on the number of links is not enough.
   */
  private boolean fits(int length) {
    boolean fits = characters + length <= HtmlExtractor.MAX_LINK_CHARACTERS;
    characters += fits ? length : 0;
    return fits;
  }

  /** The link's URL, or {@link #NO_LINK}. */
  String resolve(String href) {
    int fragment = href.indexOf('#');
    String reference = fragment < 0 ? href : href.substring(0, fragment);
    String known = byReference.get(reference);
    if (known != null) {
      return known;
    }
    String resolved = linkOrNot(base.resolve(reference, queryEncoder));
    byReference.put(reference, resolved);
    return resolved;
  }

  /**
   * A reference's absolute URL, which may be the page's own; {@link #NO_LINK} if it is not http(s),
   * is too long or does not fit the budget.
   */
  String absolute(String href, DetailBudget budget) {
    return fitting(base.resolve(href, queryEncoder), budget);
  }

  /** Like {@link #absolute}, for a reference in a Link field. */
  String absoluteOfField(String href, DetailBudget budget) {
    return fitting(page.resolve(href), budget);
  }

  private String fitting(@Nullable Url url, DetailBudget budget) {
    return url != null && url.href().length() <= bounds.maxUrlLength() && budget.fits(url.href())
        ? url.href()
        : NO_LINK;
  }

  private String linkOrNot(@Nullable Url url) {
    return url == null || url.equals(page) || url.href().length() > bounds.maxUrlLength()
        ? NO_LINK
        : url.href();
  }

  private static boolean isCanonical(RawLink reference) {
    String rel = reference.rel();
    return reference.kind() == LinkKind.LINK && rel != null && Words.has(rel, "canonical");
  }

  private @Nullable String selfOrNull(String href) {
    Url url = base.resolve(href, queryEncoder);
    return page.equals(url) ? page.href() : null;
  }

  /** The links in document order, without duplicates. */
  List<Link> links() {
    return List.copyOf(byUrl.values());
  }

  /**
   * The canonical URL: the document's or, if it has none, the response fields'; null if there is
   * none.
   */
  @Nullable String canonical() {
    return canonical == null ? fieldsCanonical : canonical;
  }

  /** Whether there were more links than the bound. */
  boolean cut() {
    return cut;
  }
}
