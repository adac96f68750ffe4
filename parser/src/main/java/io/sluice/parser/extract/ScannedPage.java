package io.sluice.parser.extract;

import io.sluice.parser.scan.Attribute;
import io.sluice.parser.scan.Namespace;
import io.sluice.parser.scan.PageEvents;
import io.sluice.parser.scan.PageScanner;
import io.sluice.parser.scan.Tag;
import io.sluice.parser.scan.TagToken;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages without a tree: gathers from a scanner's events the same content that {@link
 * PageVisitor} gathers from a tree. Confined to its worker's thread.
 */
final class ScannedPage implements PageEvents {

  private final PageScanner scanner;
  private final PageContent nothing;
  private PageContent content;
  private @Nullable DetailContent details;

  /**
   * @param nothing a placeholder between pages, which receives no events
   * @param wanted the fields and links to extract besides the default ones
   */
  ScannedPage(PageContent nothing, Wanted wanted) {
    this.scanner = new PageScanner(this, tag -> DetailContent.reads(wanted, tag));
    this.nothing = nothing;
    this.content = nothing;
  }

  /**
   * Reads a page.
   *
   * @param into receives the content
   * @return whether that succeeded; otherwise {@code into} has only a part of it
   */
  boolean read(String page, PageContent into) {
    content = into;
    details = into.details();
    try {
      return scanner.scan(page) && !(into.readsAnchors() && scanner.partsLinks());
    } finally {
      details = null;
      content = nothing; // release the page's references before the next page
    }
  }

  @Override
  public void text(char[] buffer, int from, int to) {
    content.text(buffer, from, to);
  }

  @Override
  public int run(char[] buffer, int from) {
    return content.run(buffer, from);
  }

  @Override
  public void code(char[] buffer, int from, int to) {
    if (details != null) {
      details.code(buffer, from, to);
    }
  }

  @Override
  public void start(Tag tag, Namespace namespace, TagToken token) {
    separate(tag, namespace);
    if (details != null) {
      details.endCode();
      if (namespace == Namespace.HTML) {
        details.start(tag, token);
      }
    }
    if (namespace == Namespace.HTML) {
      enter(tag, token);
    } else if (namespace == Namespace.SVG && tag == Tag.A) {
      boolean plain = !token.value(Attribute.HREF).isEmpty();
      anchor(token, plain ? Attribute.HREF : Attribute.XLINK_HREF);
    }
  }

  private void enter(Tag tag, TagToken token) {
    switch (tag) {
      case A -> anchor(token, Attribute.HREF);
      case AREA -> link(token, Attribute.HREF, LinkKind.AREA);
      case LINK -> link(token, Attribute.HREF, LinkKind.LINK);
      case FRAME -> link(token, Attribute.SRC, LinkKind.FRAME);
      case IFRAME -> link(token, Attribute.SRC, LinkKind.IFRAME);
      case META ->
          content.meta(
              token.value(Attribute.NAME),
              token.value(Attribute.HTTP_EQUIV),
              token.value(Attribute.CHARSET),
              token.value(Attribute.CONTENT));
      case BASE -> {
        if (token.has(Attribute.HREF)) {
          content.base(token.value(Attribute.HREF));
        }
      }
      case PRE -> content.preBegins();
      case NOSCRIPT -> content.noscriptBegins();
      case TITLE -> content.titleBegins();
      case HTML -> content.language(token.value(Attribute.LANG), token.value(Attribute.XML_LANG));
      default -> {}
    }
  }

  @Override
  public void end(Tag tag, Namespace namespace) {
    if (namespace == Namespace.HTML) {
      if (details != null) {
        details.end(tag);
      }
      switch (tag) {
        case A -> content.anchorEnds();
        case TITLE -> content.titleEnds();
        case PRE -> content.preEnds();
        case NOSCRIPT -> content.noscriptEnds();
        default -> {}
      }
    } else if (namespace == Namespace.SVG && tag == Tag.A) {
      content.anchorEnds();
    }
    separate(tag, namespace);
  }

  private void separate(Tag tag, Namespace namespace) {
    switch (namespace) {
      case HTML -> {
        if (tag == Tag.TD || tag == Tag.TH || tag == Tag.OPTION) {
          content.space();
        } else if (tag == Tag.BR || tag.isBlock()) {
          content.lineBreak();
        }
      }
      case SVG -> {
        if (tag == Tag.SVG || tag == Tag.FEMERGE || tag == Tag.FEMERGENODE) {
          content.lineBreak();
        }
      }
      case MATH -> {
        if (tag == Tag.MATH) {
          content.lineBreak();
        }
      }
    }
  }

  private void anchor(TagToken token, Attribute attribute) {
    boolean links = token.has(attribute);
    content.anchorBegins(
        token.value(attribute),
        links ? token.value(Attribute.REL) : "",
        links ? token.value(Attribute.HREFLANG) : "");
  }

  private void link(TagToken token, Attribute attribute, LinkKind kind) {
    if (token.has(attribute)) {
      content.link(
          token.value(attribute),
          kind,
          token.value(Attribute.REL),
          token.value(Attribute.HREFLANG));
    }
  }
}
