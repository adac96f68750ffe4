package io.sluice.parser.extract;

import io.sluice.core.url.Url;
import io.sluice.parser.extract.PageVisitor.RawLink;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a page's references into its links: each is resolved once, against a base that is parsed
 * once. Confined to its page's extraction.
 */
final class LinkResolver {

  /** Stands for a reference that is no link: not http(s), too long, the page itself. */
  private static final String NO_LINK = "";

  private final Url page;
  private final Url base;
  private final ExtractBounds bounds;
  private final boolean followPage;
  private final Map<String, String> byReference = new HashMap<>(256);
  private final Map<String, Link> byUrl = new LinkedHashMap<>(256);
  private @Nullable String canonical;
  private boolean cut;

  /**
   * @param baseHref the base element's href; null where there is none
   * @param followPage whether any link of this page may be followed
   */
  LinkResolver(Url page, @Nullable String baseHref, ExtractBounds bounds, boolean followPage) {
    this.page = page;
    Url resolved = baseHref == null ? null : page.resolve(baseHref);
    this.base = resolved == null ? page : resolved;
    this.bounds = bounds;
    this.followPage = followPage;
  }

  /** Takes references in document order until the bound is reached. */
  void add(List<RawLink> references) {
    for (RawLink reference : references) {
      add(reference);
      if (cut) {
        return;
      }
    }
  }

  private void add(RawLink reference) {
    String url = resolve(reference.href());
    if (isCanonical(reference) && canonical == null) {
      canonical = url.equals(NO_LINK) ? selfOrNull(reference.href()) : url;
    }
    if (url.equals(NO_LINK)) {
      return;
    }
    boolean followable = followPage && bounds.follow().contains(reference.kind().word());
    Link known = byUrl.get(url);
    if (known == null && byUrl.size() >= bounds.maxLinks()) {
      cut = true;
    } else if (known == null || (followable && !known.followable())) {
      byUrl.put(url, new Link(url, reference.kind(), reference.rel(), followable));
    }
  }

  /** The link's URL, or {@link #NO_LINK}. */
  private String resolve(String href) {
    int fragment = href.indexOf('#');
    String reference = fragment < 0 ? href : href.substring(0, fragment);
    String known = byReference.get(reference);
    if (known != null) {
      return known;
    }
    Url url = base.resolve(reference);
    String resolved =
        url == null || url.equals(page) || url.href().length() > bounds.maxUrlLength()
            ? NO_LINK
            : url.href();
    byReference.put(reference, resolved);
    return resolved;
  }

  private static boolean isCanonical(RawLink reference) {
    return reference.kind() == LinkKind.LINK && "canonical".equals(reference.rel());
  }

  private @Nullable String selfOrNull(String href) {
    Url url = base.resolve(href);
    return page.equals(url) ? page.href() : null;
  }

  /** The links in document order, each URL once. */
  List<Link> links() {
    return List.copyOf(byUrl.values());
  }

  /** The canonical URL; null where the page names none. */
  @Nullable String canonical() {
    return canonical;
  }

  /** Whether there were more links than the bound. */
  boolean cut() {
    return cut;
  }
}
