package io.sluice.parser.scan;

/** Tags in SVG and MathML (HTML standard, 13.2.6.5). Confined to its scanner's thread. */
final class ForeignContent {

  private final TreeSimulator tree;
  private final OpenElements stack;

  ForeignContent(TreeSimulator tree) {
    this.tree = tree;
    this.stack = tree.stack();
  }

  void start(TagToken token) {
    Tag tag = token.tag();
    if (tag.is(Trait.BREAKS_OUT) || (tag == Tag.FONT && hasLook(token))) {
      breakOut();
      tree.startInMode(token);
      return;
    }
    Namespace namespace = stack.namespace(stack.size() - 1);
    if (tag == Tag.SCRIPT || tag == Tag.ANNOTATION_XML) {
      tree.giveUp();
    } else if (token.selfClosing()) {
      stack.pushAndPop(tag, namespace, token);
    } else {
      stack.push(tag, namespace, token);
    }
  }

  private static boolean hasLook(TagToken token) {
    return token.has(Attribute.COLOR) || token.has(Attribute.FACE) || token.has(Attribute.SIZE);
  }

  /** Closes foreign elements until HTML is allowed. */
  private void breakOut() {
    while (!stack.isHtml(stack.size() - 1)
        && !stack.inTextIntegration()
        && !stack.inHtmlIntegration()) {
      stack.pop();
    }
  }

  void end(TagToken token) {
    if (token.tag() == Tag.BR || token.tag() == Tag.P) {
      breakOut();
      tree.endInMode(token);
      return;
    }
    int at = stack.size() - 1;
    while (at > 0) {
      if (stack.isNamed(at, token)) {
        stack.popTo(at);
        return;
      }
      at--;
      if (stack.isHtml(at) && !stack.isGhost(at)) {
        tree.endInMode(token);
        return;
      }
    }
  }
}
