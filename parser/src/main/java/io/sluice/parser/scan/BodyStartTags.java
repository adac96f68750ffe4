package io.sluice.parser.scan;

/** The start tags of a body (HTML standard, 13.2.6.4.7). Confined to its scanner's thread. */
final class BodyStartTags {

  /** How many elements jsoup searches for a definition list. */
  private static final int LOOK_BACK = 24;

  private final TreeSimulator tree;
  private final OpenElements stack;

  BodyStartTags(TreeSimulator tree) {
    this.tree = tree;
    this.stack = tree.stack();
  }

  void start(TagToken token) {
    Tag tag = token.tag();
    if (tag.is(Trait.CLOSES_P)) {
      closeParagraph();
      tree.open(token);
    } else if (tag.is(Trait.HEADING)) {
      heading(token);
    } else if (tag == Tag.A || tag == Tag.NOBR) {
      formattingOnce(token);
    } else if (tag.is(Trait.FORMATTING)) {
      formatting(token);
    } else if (tag.is(Trait.IN_HEAD)) {
      tree.head().startInHead(token);
    } else if (!tag.is(Trait.TABLE_PART)) {
      other(token);
    }
  }

  private void other(TagToken token) {
    switch (token.tag()) {
      case HTML -> html(token);
      case BODY -> {
        if (joinsOpenElement(token)) {
          tree.giveUp();
        }
      }
      case HEAD, FRAME -> {}
      case FRAMESET -> tree.giveUp();
      case LI -> {
        listItem();
        closeParagraph();
        tree.open(token);
      }
      case DD, DT -> {
        definition();
        closeParagraph();
        tree.open(token);
      }
      case PRE, LISTING -> {
        closeParagraph();
        tree.open(token);
        tree.skipLineFeed();
      }
      case FORM -> form(token);
      case PLAINTEXT -> {
        closeParagraph();
        tree.open(token);
        tree.plaintext();
      }
      case TABLE -> {
        if (!tree.quirks()) {
          closeParagraph();
        }
        tree.open(token);
        tree.mode(Mode.IN_TABLE);
      }
      case HR -> {
        closeParagraph();
        if (stack.inScope(Tag.SELECT)) {
          stack.closeImplied();
        }
        tree.openAndClose(token);
      }
      case PARAM, SOURCE, TRACK -> tree.openAndClose(token);
      case NOSCRIPT -> {
        tree.reconstruct();
        tree.noscript().open(token);
      }
      case MATH -> openForeign(token, Namespace.MATH);
      case SVG -> openForeign(token, Namespace.SVG);
      case TEXTAREA -> {
        tree.openText(token, TextType.RCDATA);
        tree.skipLineFeed();
      }
      case XMP -> {
        closeParagraph();
        tree.reconstruct();
        tree.openText(token, TextType.RAWTEXT);
      }
      case IFRAME, NOEMBED -> tree.openText(token, TextType.RAWTEXT);
      default -> control(token);
    }
  }

  private void control(TagToken token) {
    switch (token.tag()) {
      case BUTTON -> {
        if (stack.inButtonScope(Tag.BUTTON)) {
          tree.end(tree.tag(Tag.BUTTON));
        }
        openPhrase(token);
      }
      case SELECT -> {
        if (stack.inScope(Tag.SELECT)) {
          stack.popThrough(Tag.SELECT);
        } else {
          openPhrase(token);
        }
      }
      case INPUT -> {
        if (stack.inScope(Tag.SELECT)) {
          stack.popThrough(Tag.SELECT);
        }
        tree.reconstruct();
        tree.openAndClose(token);
      }
      case OPTION, OPTGROUP -> option(token);
      case RB, RTC -> {
        if (stack.inScope(Tag.RUBY)) {
          stack.closeImplied();
        }
        tree.open(token);
      }
      case RP, RT -> {
        if (stack.inScope(Tag.RUBY)) {
          stack.closeImplied(Tag.RTC);
        }
        tree.open(token);
      }
      case AREA, BR, EMBED, IMG, KEYGEN, WBR -> {
        tree.reconstruct();
        tree.openAndClose(token);
      }
      case IMAGE -> {
        tree.reconstruct();
        stack.pushAndPop(Tag.IMG, Namespace.HTML, token);
      }
      case APPLET, MARQUEE, OBJECT -> {
        openPhrase(token);
        tree.formatting().addMarker();
      }
      default -> openPhrase(token);
    }
  }

  private void openPhrase(TagToken token) {
    tree.reconstruct();
    tree.open(token);
  }

  private void openForeign(TagToken token, Namespace namespace) {
    tree.reconstruct();
    if (token.selfClosing()) {
      stack.pushAndPop(token.tag(), namespace, token);
    } else {
      stack.push(token.tag(), namespace, token);
    }
  }

  private void closeParagraph() {
    if (stack.inButtonScope(Tag.P)) {
      tree.end(tree.tag(Tag.P));
    }
  }

  private void html(TagToken token) {
    boolean declares = token.has(Attribute.LANG) || token.has(Attribute.XML_LANG);
    if ((declares || joinsOpenElement(token)) && !tree.inTemplate()) {
      tree.giveUp();
    }
  }

  /** Whether a repeated tag has attributes that matter; they are added to the open element. */
  private static boolean joinsOpenElement(TagToken token) {
    return token.has(Attribute.STYLE) || token.has(Attribute.ITEMTYPE);
  }

  private void heading(TagToken token) {
    closeParagraph();
    if (stack.size() > 0 && stack.tag(stack.size() - 1).is(Trait.HEADING)) {
      stack.pop();
    }
    tree.open(token);
  }

  private void formatting(TagToken token) {
    tree.reconstruct();
    tree.open(token);
    tree.formatting().push(token, stack.serial(stack.size() - 1), stack.isInert());
  }

  /** Opens a formatting element that does not nest in itself: an open one is closed first. */
  private void formattingOnce(TagToken token) {
    if (token.tag() == Tag.A) {
      if (tree.formatting().lastOf(Tag.A) >= 0) {
        tree.end(tree.tag(Tag.A));
        forgetLink();
      }
    } else {
      tree.reconstruct();
      if (stack.inScope(Tag.NOBR)) {
        tree.end(tree.tag(Tag.NOBR));
      }
    }
    formatting(token);
  }

  private void forgetLink() {
    for (int at = stack.size() - 1; at >= 0; at--) {
      if (stack.is(at, Tag.A)) {
        tree.formatting().removeElement(stack.serial(at));
        tree.formatting().partLinks();
        stack.remove(at);
        return;
      }
    }
  }

  private void listItem() {
    for (int at = stack.size() - 1; at > 0; at--) {
      if (stack.tag(at) == Tag.LI) {
        tree.end(tree.tag(Tag.LI));
        return;
      }
      if (endsSearch(at)) {
        return;
      }
    }
  }

  private void definition() {
    int top = stack.size() - 1;
    if (top >= LOOK_BACK && stack.hasGhosts()) {
      tree.giveUp();
      return;
    }
    for (int at = top; at >= Math.max(0, top - LOOK_BACK); at--) {
      Tag tag = stack.tag(at);
      if (tag == Tag.DD || tag == Tag.DT) {
        tree.end(tree.tag(tag));
        return;
      }
      if (endsSearch(at)) {
        return;
      }
    }
  }

  private boolean endsSearch(int at) {
    return stack.has(at, Trait.SPECIAL)
        && switch (stack.tag(at)) {
          case ADDRESS, DIV, P -> false;
          default -> true;
        };
  }

  private void form(TagToken token) {
    if (tree.form() != OpenElements.NONE && !tree.inTemplate()) {
      return;
    }
    closeParagraph();
    boolean counts = !tree.inTemplate();
    tree.open(token);
    if (counts) {
      tree.form(stack.serial(stack.size() - 1));
    }
  }

  private void option(TagToken token) {
    if (stack.inScope(Tag.SELECT)) {
      stack.closeImplied(token.tag() == Tag.OPTION ? Tag.OPTGROUP : Tag.OTHER);
    } else if (stack.topIs(Tag.OPTION)) {
      tree.end(tree.tag(Tag.OPTION));
    }
    openPhrase(token);
  }
}
