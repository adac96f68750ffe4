package io.sluice.parser.scan;

/** The end tags of a body (HTML standard, 13.2.6.4.7). Confined to its scanner's thread. */
final class BodyEndTags {

  private final TreeSimulator tree;
  private final OpenElements stack;
  private final Adoption adoption;

  BodyEndTags(TreeSimulator tree) {
    this.tree = tree;
    this.stack = tree.stack();
    this.adoption = new Adoption(tree);
  }

  void end(TagToken token) {
    Tag tag = token.tag();
    if (tag.is(Trait.FORMATTING)) {
      if (!adoption.run(tag)) {
        other(token);
      }
    } else if (tag.is(Trait.CLOSER)) {
      if (stack.inScope(tag)) {
        stack.closeImplied();
        stack.popThrough(tag);
      }
    } else if (tag.is(Trait.HEADING)) {
      heading(tag);
    } else {
      single(token);
    }
  }

  private void single(TagToken token) {
    Tag tag = token.tag();
    switch (tag) {
      case TEMPLATE -> tree.head().endTemplate();
      case P -> paragraph(token);
      case LI -> {
        if (stack.inScope(tag, Trait.SCOPE | Trait.LIST_SCOPE)) {
          close(tag);
        }
      }
      case DD, DT -> {
        if (stack.inScope(tag)) {
          close(tag);
        }
      }
      case BODY -> {
        if (stack.inScope(Tag.BODY)) {
          tree.mode(Mode.AFTER_BODY);
        }
      }
      case HTML -> {
        if (stack.isOpen(Tag.BODY)) {
          tree.mode(Mode.AFTER_BODY);
          tree.end(token);
        }
      }
      case FORM -> form();
      case BR -> tree.start(tree.tag(Tag.BR));
      case APPLET, MARQUEE, OBJECT -> {
        if (stack.inScope(tag)) {
          stack.closeImplied();
          stack.popThrough(tag);
          tree.formatting().clearToMarker();
        }
      }
      default -> other(token);
    }
  }

  private void close(Tag tag) {
    stack.closeImplied(tag);
    stack.popThrough(tag);
  }

  private void paragraph(TagToken token) {
    if (stack.inButtonScope(Tag.P)) {
      close(Tag.P);
    } else {
      tree.start(tree.tag(Tag.P));
      if (!tree.needsTree()) {
        tree.end(token);
      }
    }
  }

  private void heading(Tag tag) {
    if (!hasHeadingInScope()) {
      return;
    }
    stack.closeImplied(tag);
    boolean last = false;
    while (!last) {
      int top = stack.size() - 1;
      last = stack.isHtml(top) && stack.tag(top).is(Trait.HEADING);
      stack.pop();
    }
  }

  private boolean hasHeadingInScope() {
    for (int at = stack.size() - 1; at >= 0; at--) {
      if (stack.has(at, Trait.HEADING)) {
        return true;
      }
      if (stack.has(at, Trait.SCOPE)) {
        return false;
      }
    }
    return false;
  }

  private void form() {
    if (tree.inTemplate()) {
      if (stack.inScope(Tag.FORM)) {
        stack.closeImplied();
        stack.popThrough(Tag.FORM);
      }
      return;
    }
    int form = tree.form();
    tree.form(OpenElements.NONE);
    if (form == OpenElements.NONE || !stack.inScope(Tag.FORM)) {
      return;
    }
    stack.closeImplied();
    int at = stack.indexOf(form);
    if (at >= 0) {
      stack.makeGhost(at);
    }
  }

  /**
   * Any other end tag: closes the nearest element with the tag's name, unless a special one is in
   * between.
   */
  private void other(TagToken token) {
    if (!stack.isOpen(token)) {
      return;
    }
    for (int at = stack.size() - 1; at >= 0; at--) {
      if (stack.isNamed(at, token)) {
        stack.closeImplied(token.tag());
        stack.popThrough(token);
        return;
      }
      if (stack.has(at, Trait.SPECIAL)) {
        return;
      }
    }
  }
}
