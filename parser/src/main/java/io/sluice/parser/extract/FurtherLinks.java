package io.sluice.parser.extract;

import io.sluice.parser.reference.CssUrls;
import io.sluice.parser.reference.JsonLd;
import io.sluice.parser.reference.SrcSet;
import io.sluice.parser.scan.Attribute;
import io.sluice.parser.scan.ElementAttributes;
import io.sluice.parser.scan.Tag;
import java.util.function.Consumer;

/** Takes the kinds of links that are off by default. Confined to its page's extraction. */
final class FurtherLinks {

  private static final String DATA = "data:";

  private final Wanted wanted;
  private final PageContent content;

  FurtherLinks(Wanted wanted, PageContent content) {
    this.wanted = wanted;
    this.content = content;
  }

  /** Handles the start of an HTML element. */
  void start(Tag tag, ElementAttributes attributes) {
    switch (tag) {
      case IMG -> image(LinkKind.IMG, attributes);
      case SOURCE -> image(LinkKind.SOURCE, attributes);
      case SCRIPT -> take(LinkKind.SCRIPT, attributes.value(Attribute.SRC));
      case OBJECT -> take(LinkKind.OBJECT, attributes.value(Attribute.DATA));
      case EMBED -> take(LinkKind.EMBED, attributes.value(Attribute.SRC));
      case FORM -> take(LinkKind.FORM, attributes.value(Attribute.ACTION));
      default -> {}
    }
    if (wanted.has(LinkKind.CSS)) {
      css(attributes.value(Attribute.STYLE));
    }
  }

  private void image(LinkKind kind, ElementAttributes attributes) {
    if (wanted.has(kind)) {
      take(kind, attributes.value(Attribute.SRC));
      SrcSet.urls(attributes.value(Attribute.SRCSET), each(kind));
    }
  }

  /** Takes the links of a style sheet or a style attribute. */
  void css(String css) {
    CssUrls.urls(css, each(LinkKind.CSS));
  }

  /** Takes a member of JSON-LD, if it is a link. */
  void linkedData(String name, String value) {
    if (JsonLd.isUrl(name, value)) {
      take(LinkKind.JSON_LD, value);
    }
  }

  private Consumer<String> each(LinkKind kind) {
    return url -> take(kind, url);
  }

  private void take(LinkKind kind, String url) {
    // data: URLs contain the image itself, are up to megabytes long, and are not links.
    if (wanted.has(kind) && !url.regionMatches(true, 0, DATA, 0, DATA.length())) {
      content.link(url, kind, "", "");
    }
  }
}
