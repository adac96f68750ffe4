package io.sluice.parser.extract;

import io.sluice.parser.decode.MetaCharset;
import io.sluice.parser.encoding.Encoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers a page's content while either reader reads it. References are resolved afterwards, when
 * the base is known. Confined to its page's extraction.
 */
final class PageContent {

  /** A reference as written. */
  record RawLink(String href, LinkKind kind, @Nullable String rel, @Nullable String hreflang) {}

  /** Approximate memory of a reference in addition to its characters, in bytes. */
  private static final int LINK_BYTES = 200;

  private final TextBuffer title;
  private final TextBuffer text;
  private final RobotsDirectives robots;
  private final long maxLinkBytes;
  private final List<RawLink> links = new ArrayList<>(128);
  private final Refresh refresh = new Refresh();
  private final @Nullable DetailContent details;
  private final @Nullable Passages anchors;
  private final Map<Integer, String> anchorTexts;
  private long linkBytes;
  private boolean titleSeen;
  private boolean inTitle;
  private int preDepth;
  private int noscriptDepth;
  private @Nullable String base;
  private @Nullable String language;
  private @Nullable Encoding declared;

  /**
   * @param maxLinkBytes maximum memory of the references; further ones are left out
   * @param wanted the fields and links to extract besides the default ones
   */
  PageContent(
      TextBuffer title,
      TextBuffer text,
      RobotsDirectives robots,
      long maxLinkBytes,
      Wanted wanted) {
    this.title = title;
    this.text = text;
    this.robots = robots;
    this.maxLinkBytes = maxLinkBytes;
    this.details = wanted.equals(Wanted.NOTHING) ? null : new DetailContent(wanted, this, text);
    this.anchorTexts = wanted.has(PageField.LINK_TEXT) ? new HashMap<>() : Map.of();
    this.anchors = wanted.has(PageField.LINK_TEXT) ? new Passages(text) : null;
  }

  /** Gathers the optional details; null if none are wanted. */
  @Nullable DetailContent details() {
    return details;
  }

  /** Whether the texts of links are wanted. */
  boolean readsAnchors() {
    return anchors != null;
  }

  /** The references in document order. */
  List<RawLink> links() {
    return links;
  }

  /**
   * The text of the reference with the given index; null if it has none or link texts are not
   * wanted.
   */
  @Nullable String anchorText(int link) {
    return anchorTexts.get(link);
  }

  /** Whether references were left out. */
  boolean cut() {
    return linkBytes > maxLinkBytes;
  }

  /** The first base element's href; null if there is none. */
  @Nullable String base() {
    return base;
  }

  /** The root element's language; null if it declares none. */
  @Nullable String language() {
    return language;
  }

  /** The encoding that the first meta element to name one declares; null if none does. */
  @Nullable Encoding declared() {
    return declared;
  }

  /** The refresh that the page requests. */
  Refresh refresh() {
    return refresh;
  }

  void text(String value) {
    (inTitle ? title : text).append(value, preDepth > 0);
  }

  void text(char[] buffer, int from, int to) {
    (inTitle ? title : text).append(buffer, from, to, preDepth > 0);
  }

  /** Takes the run of text that begins at {@code from}; returns where it ends. */
  int run(char[] buffer, int from) {
    return (inTitle ? title : text).appendRun(buffer, from, preDepth > 0);
  }

  void space() {
    text.space();
  }

  void lineBreak() {
    text.lineBreak();
  }

  /** Begins a title element; returns whether it is the page's first, whose text is the title. */
  boolean titleBegins() {
    boolean first = !titleSeen;
    titleSeen = true;
    inTitle |= first;
    return first;
  }

  void titleEnds() {
    inTitle = false;
  }

  void preBegins() {
    preDepth++;
  }

  void preEnds() {
    preDepth--;
  }

  void noscriptBegins() {
    noscriptDepth++;
  }

  void noscriptEnds() {
    noscriptDepth--;
  }

  /** Takes the href of a base element; the first counts. */
  void base(String href) {
    if (base == null) {
      base = href;
    }
  }

  /** Takes the language of an html element; the first that declares one counts. */
  void language(String lang, String xmlLang) {
    if (language == null) {
      String declares = orNull(lang);
      language = declares == null ? orNull(xmlLang) : declares;
    }
  }

  /** Begins an {@code a} element, whether or not it is a link. */
  void anchorBegins(String href, String rel, String hreflang) {
    int before = links.size();
    link(href, LinkKind.A, rel, hreflang);
    if (anchors != null) {
      anchors.begin(links.size() > before ? before : Passages.NONE);
    }
  }

  void anchorEnds() {
    if (anchors == null) {
      return;
    }
    int link = anchors.end();
    if (link != Passages.NONE) {
      String words = anchors.ended();
      if (!words.isEmpty() && charge(words.length())) {
        anchorTexts.put(link, words);
      }
    }
  }

  /**
   * Charges for characters that are kept until the page has been read; returns whether they fit.
   */
  boolean charge(int characters) {
    linkBytes += LINK_BYTES + 2L * characters;
    return !cut();
  }

  void link(String href, LinkKind kind, String rel, String hreflang) {
    if (!href.isEmpty()) {
      String words = rel.strip();
      add(
          new RawLink(
              href,
              kind,
              words.isEmpty() ? null : WellFormed.of(words.toLowerCase(Locale.ROOT)),
              orNull(hreflang)));
    }
  }

  private void add(RawLink link) {
    if (charge(length(link.href()) + length(link.rel()) + length(link.hreflang()))) {
      links.add(link);
    }
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  void meta(String name, String pragma, String charset, String content) {
    if (declared == null) {
      declared = MetaCharset.of(charset, pragma, content);
    }
    if (pragma.equalsIgnoreCase("refresh")) {
      MetaRefresh asked = linked(content);
      // A refresh inside noscript is meant for people without scripts; it is only a link.
      refresh.take(noscriptDepth > 0 ? null : asked);
    } else {
      robots.meta(name, content);
    }
  }

  /**
   * Takes the Refresh field's value; null if there is none. Must be called before the page is read.
   */
  void refreshField(@Nullable String value) {
    if (value != null) {
      refresh.take(linked(value));
    }
  }

  /** Parses a refresh and adds its URL as a link; null if it cannot be parsed. */
  private @Nullable MetaRefresh linked(String content) {
    MetaRefresh asked = MetaRefresh.parse(content);
    if (asked != null && asked.url() != null) {
      add(new RawLink(asked.url(), LinkKind.REFRESH, null, null));
    }
    return asked;
  }

  private static @Nullable String orNull(String value) {
    String stripped = value.strip();
    return stripped.isEmpty() ? null : WellFormed.of(stripped);
  }
}
