package io.sluice.parser.extract;

import org.jspecify.annotations.Nullable;

/**
 * A link of a page. Immutable.
 *
 * @param url the absolute URL, normalized, without fragment
 * @param kind the element or field that the link comes from
 * @param rel the rel attribute, lower case; null if there is none
 * @param hreflang the language that the link declares for its target; null if it declares none
 * @param text the link's text on one line, at most {@link Passages#MAX_LENGTH} characters; null if
 *     it has none or link texts are not wanted
 * @param followable whether it is offered to the frontier
 */
public record Link(
    String url,
    LinkKind kind,
    @Nullable String rel,
    @Nullable String hreflang,
    @Nullable String text,
    boolean followable) {

  /** A link without text that declares no language for its target. */
  public Link(String url, LinkKind kind, @Nullable String rel, boolean followable) {
    this(url, kind, rel, null, null, followable);
  }

  /** A link without text. */
  public Link(
      String url,
      LinkKind kind,
      @Nullable String rel,
      @Nullable String hreflang,
      boolean followable) {
    this(url, kind, rel, hreflang, null, followable);
  }

  /** Whether its rel attribute contains nofollow (microformats, rel-nofollow). */
  public boolean nofollow() {
    return rel != null && Words.has(rel, "nofollow");
  }

  /** The same link with another text. */
  Link withText(@Nullable String other) {
    return new Link(url, kind, rel, hreflang, other, followable);
  }
}
