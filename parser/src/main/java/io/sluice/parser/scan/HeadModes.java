package io.sluice.parser.scan;

/**
 * The modes up to the body's start (HTML standard, 13.2.6.4.2 to 13.2.6.4.6), and the tags that are
 * processed as in a head wherever they occur. Confined to its scanner's thread.
 */
final class HeadModes {

  private final TreeSimulator tree;
  private final OpenElements stack;
  private boolean headSeen;

  HeadModes(TreeSimulator tree) {
    this.tree = tree;
    this.stack = tree.stack();
  }

  void clear() {
    headSeen = false;
  }

  void start(TagToken token) {
    Tag tag = token.tag();
    switch (tree.mode()) {
      case BEFORE_HTML -> {
        if (tag == Tag.HTML) {
          tree.open(token);
          tree.mode(Mode.BEFORE_HEAD);
        } else {
          leave();
          tree.start(token);
        }
      }
      case BEFORE_HEAD -> {
        if (tag == Tag.HTML) {
          tree.bodyStart().start(token);
        } else if (tag == Tag.HEAD) {
          openHead(token);
        } else {
          leave();
          tree.start(token);
        }
      }
      case IN_HEAD -> {
        if (tag == Tag.HTML) {
          tree.bodyStart().start(token);
        } else if (tag == Tag.NOSCRIPT) {
          tree.noscript().open(token);
        } else if (tag.is(Trait.IN_HEAD)) {
          startInHead(token);
        } else if (tag != Tag.HEAD) {
          leave();
          tree.start(token);
        }
      }
      default -> startAfterHead(token);
    }
  }

  private void startAfterHead(TagToken token) {
    Tag tag = token.tag();
    if (tag == Tag.HTML) {
      tree.bodyStart().start(token);
    } else if (tag == Tag.BODY) {
      tree.open(token);
      tree.mode(Mode.IN_BODY);
    } else if (tag == Tag.FRAMESET) {
      tree.giveUp();
    } else if (tag.is(Trait.IN_HEAD)) {
      startInHead(token);
    } else if (tag != Tag.HEAD) {
      leave();
      tree.start(token);
    }
  }

  private void openHead(TagToken token) {
    tree.open(token);
    headSeen = true;
    tree.mode(Mode.IN_HEAD);
  }

  /** Enters the next mode as if the omitted tags were there. */
  void leave() {
    switch (tree.mode()) {
      case BEFORE_HTML -> {
        tree.open(tree.tag(Tag.HTML));
        tree.mode(Mode.BEFORE_HEAD);
      }
      case BEFORE_HEAD -> openHead(tree.tag(Tag.HEAD));
      case IN_HEAD -> {
        stack.pop();
        tree.mode(Mode.AFTER_HEAD);
      }
      default -> {
        tree.open(tree.tag(Tag.BODY));
        tree.mode(Mode.IN_BODY);
      }
    }
  }

  /** Processes one of the tags that belong in a head. */
  void startInHead(TagToken token) {
    switch (token.tag()) {
      case TITLE -> tree.openText(token, TextType.RCDATA);
      case NOFRAMES, STYLE -> tree.openText(token, TextType.RAWTEXT);
      case SCRIPT -> tree.openText(token, TextType.SCRIPT);
      case TEMPLATE -> {
        tree.open(token);
        tree.formatting().addMarker();
        tree.mode(Mode.IN_TEMPLATE);
        tree.templateModes().push(Mode.IN_TEMPLATE);
      }
      default -> tree.openAndClose(token);
    }
  }

  void end(TagToken token) {
    switch (token.tag()) {
      case HEAD -> {
        if (tree.mode() == Mode.IN_HEAD) {
          leave();
        } else if (tree.mode() != Mode.AFTER_HEAD) {
          leave();
          tree.end(token);
        }
      }
      case BODY, HTML, BR -> {
        leave();
        tree.end(token);
      }
      case TEMPLATE -> {
        if (tree.mode() == Mode.IN_HEAD || tree.mode() == Mode.AFTER_HEAD) {
          endTemplate();
        }
      }
      default -> {}
    }
  }

  /** Processes a template's end tag, wherever it occurs. */
  void endTemplate() {
    if (!tree.inTemplate()) {
      return;
    }
    while (stack.has(stack.size() - 1, Trait.THOROUGH_END)) {
      stack.pop();
    }
    stack.popThrough(Tag.TEMPLATE);
    tree.formatting().clearToMarker();
    tree.templateModes().poll();
    resetMode();
  }

  /** Resets the insertion mode appropriately (13.2.4.1); returns whether it changed. */
  boolean resetMode() {
    Mode before = tree.mode();
    tree.mode(modeOfStack());
    return tree.mode() != before;
  }

  private Mode modeOfStack() {
    for (int at = stack.size() - 1; at >= 0; at--) {
      if (!stack.isHtml(at)) {
        continue;
      }
      switch (stack.tag(at)) {
        case TD, TH -> {
          return Mode.IN_CELL;
        }
        case TR -> {
          return Mode.IN_ROW;
        }
        case TBODY, THEAD, TFOOT -> {
          return Mode.IN_TABLE_BODY;
        }
        case CAPTION -> {
          return Mode.IN_CAPTION;
        }
        case COLGROUP -> {
          return Mode.IN_COLUMN_GROUP;
        }
        case TABLE -> {
          return Mode.IN_TABLE;
        }
        case TEMPLATE -> {
          Mode inner = tree.templateModes().peek();
          return inner == null ? Mode.IN_BODY : inner;
        }
        case HEAD -> {
          return Mode.IN_HEAD;
        }
        case BODY -> {
          return Mode.IN_BODY;
        }
        case HTML -> {
          return headSeen ? Mode.AFTER_HEAD : Mode.BEFORE_HEAD;
        }
        default -> {}
      }
    }
    return Mode.IN_BODY;
  }
}
