package io.sluice.parser.extract;

import io.sluice.parser.reference.JsonLd;
import io.sluice.parser.scan.Attribute;
import io.sluice.parser.scan.ElementAttributes;
import io.sluice.parser.scan.Tag;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the details of a page that are wanted beyond its links, title and text, for both readers.
 * Exists only if any are wanted. Confined to its page's extraction.
 */
final class DetailContent {

  /** Maximum length of the part of a script or style sheet that is read, in characters. */
  static final int MAX_CODE = 1 << 18;

  /** How to read the text of the script or style element that began last. */
  private enum Code {
    NONE,
    CSS,
    JSON_LD
  }

  private final Wanted wanted;
  private final FurtherLinks links;
  private final DetailBudget budget = new DetailBudget();
  private final MetaFields meta = new MetaFields(budget);
  private final HeadLinks headLinks = new HeadLinks();
  private final List<String> jsonLd = new ArrayList<>();
  private final Set<String> microdata = new LinkedHashSet<>();
  private final @Nullable Headings headings;
  private final StringBuilder text = new StringBuilder();
  private Code code = Code.NONE;

  DetailContent(Wanted wanted, PageContent content, TextBuffer pageText) {
    this.wanted = wanted;
    this.links = new FurtherLinks(wanted, content);
    this.headings = wanted.has(PageField.HEADINGS) ? new Headings(pageText, budget) : null;
  }

  /** Whether the attributes of a tag's elements are needed. */
  static boolean reads(Wanted wanted, Tag tag) {
    return wanted.readsEveryElement()
        || switch (tag) {
          case IMG, IMAGE -> wanted.has(LinkKind.IMG);
          case SOURCE -> wanted.has(LinkKind.SOURCE);
          case OBJECT -> wanted.has(LinkKind.OBJECT);
          case EMBED -> wanted.has(LinkKind.EMBED);
          case FORM -> wanted.has(LinkKind.FORM);
          case SCRIPT -> wanted.has(LinkKind.SCRIPT) || wanted.readsJsonLd();
          default -> false;
        };
  }

  /** Handles the start of an HTML element. */
  void start(Tag tag, ElementAttributes attributes) {
    links.start(tag, attributes);
    switch (tag) {
      case SCRIPT -> {
        if (wanted.readsJsonLd() && JsonLd.isType(attributes.value(Attribute.TYPE))) {
          code = Code.JSON_LD;
        }
      }
      case STYLE -> code = wanted.has(LinkKind.CSS) ? Code.CSS : Code.NONE;
      case META -> meta(attributes);
      case LINK -> headLink(attributes);
      case H1, H2, H3, H4, H5, H6 -> {
        if (headings != null) {
          headings.begin(tag);
        }
      }
      default -> {}
    }
    if (wanted.has(PageField.MICRODATA)) {
      itemTypes(attributes.value(Attribute.ITEMTYPE));
    }
  }

  /** Handles the end of an HTML element. */
  void end(Tag tag) {
    switch (tag) {
      case H1, H2, H3, H4, H5, H6 -> {
        if (headings != null) {
          headings.end();
        }
      }
      default -> {}
    }
  }

  private void meta(ElementAttributes attributes) {
    boolean described = wanted.has(PageField.META);
    boolean social = wanted.has(PageField.SOCIAL);
    if (!described && !social) {
      return;
    }
    String name = attributes.value(Attribute.NAME);
    String property = attributes.value(Attribute.PROPERTY);
    String content = attributes.value(Attribute.CONTENT);
    if (described) {
      meta.described(name, content);
      meta.described(property, content);
      meta.described(attributes.value(Attribute.ITEMPROP), content);
    }
    if (social) {
      meta.social(property.isEmpty() ? name : property, content);
    }
  }

  private void headLink(ElementAttributes attributes) {
    if (wanted.has(PageField.ALTERNATES)) {
      headLinks.add(
          attributes.value(Attribute.HREF),
          attributes.value(Attribute.REL),
          attributes.value(Attribute.HREFLANG),
          attributes.value(Attribute.TYPE),
          budget);
    }
  }

  private void itemTypes(String types) {
    StringTokenizer each = new StringTokenizer(types);
    while (each.hasMoreTokens()) {
      String type = WellFormed.of(each.nextToken());
      if (!microdata.contains(type) && budget.fits(type)) {
        microdata.add(type);
      }
    }
  }

  /** Appends text of the script or style element that began last. */
  void code(char[] buffer, int from, int to) {
    if (code != Code.NONE) {
      text.append(buffer, from, Math.min(to - from, MAX_CODE - text.length()));
    }
  }

  /** Appends text of the script or style element that began last. */
  void code(String part) {
    if (code != Code.NONE) {
      text.append(part, 0, Math.min(part.length(), MAX_CODE - text.length()));
    }
  }

  /** Ends the script or style element that began last; called when something else begins. */
  void endCode() {
    if (code == Code.NONE) {
      return;
    }
    String whole = text.toString();
    text.setLength(0);
    if (code == Code.CSS) {
      links.css(whole);
    } else {
      linkedData(whole.strip());
    }
    code = Code.NONE;
  }

  private void linkedData(String block) {
    if (wanted.has(PageField.JSON_LD) && !block.isEmpty() && budget.fits(block)) {
      jsonLd.add(WellFormed.of(block));
    }
    if (wanted.has(PageField.META) || wanted.has(LinkKind.JSON_LD)) {
      JsonLd.strings(
          block,
          (name, value) -> {
            if (wanted.has(PageField.META)) {
              meta.linkedData(name, value);
            }
            links.linkedData(name, value);
          });
    }
  }

  /**
   * The details gathered, once the page has been read.
   *
   * @param resolver resolves references
   * @param source the decoded page
   */
  PageDetails finish(Document page, LinkResolver resolver, String source) {
    Alternates alternates =
        wanted.has(PageField.ALTERNATES)
            ? headLinks
                .resolved(href -> resolver.absolute(href, budget))
                .and(HeadLinks.ofFields(page, resolver, budget))
            : Alternates.NONE;
    return new PageDetails(
        wanted.has(PageField.META) ? meta.meta() : Map.of(),
        alternates,
        meta.openGraph(),
        meta.twitter(),
        jsonLd,
        List.copyOf(microdata),
        headings == null ? List.of() : headings.all(),
        wanted.has(PageField.HTML) ? WellFormed.of(source) : null,
        budget.cut());
  }
}
