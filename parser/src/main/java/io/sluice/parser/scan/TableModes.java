package io.sluice.parser.scan;

/**
 * The modes within tables and templates (HTML standard, 13.2.6.4.9 to 13.2.6.4.18). Confined to its
 * scanner's thread.
 */
final class TableModes {

  private final TreeSimulator tree;
  private final OpenElements stack;

  TableModes(TreeSimulator tree) {
    this.tree = tree;
    this.stack = tree.stack();
  }

  void start(TagToken token) {
    switch (tree.mode()) {
      case IN_TABLE -> startInTable(token);
      case IN_CAPTION -> startInCaption(token);
      case IN_COLUMN_GROUP -> startInColumnGroup(token);
      case IN_TABLE_BODY -> startInBody(token);
      case IN_ROW -> startInRow(token);
      default -> startInCell(token);
    }
  }

  void end(TagToken token) {
    switch (tree.mode()) {
      case IN_TABLE -> endInTable(token);
      case IN_CAPTION -> endInCaption(token);
      case IN_COLUMN_GROUP -> endInColumnGroup(token);
      case IN_TABLE_BODY -> endInBody(token);
      case IN_ROW -> endInRow(token);
      default -> endInCell(token);
    }
  }

  private void startInTable(TagToken token) {
    switch (token.tag()) {
      case CAPTION -> {
        clearTo(Tag.TABLE);
        tree.formatting().addMarker();
        tree.open(token);
        tree.mode(Mode.IN_CAPTION);
      }
      case COLGROUP -> {
        clearTo(Tag.TABLE);
        tree.open(token);
        tree.mode(Mode.IN_COLUMN_GROUP);
      }
      case COL -> {
        clearTo(Tag.TABLE);
        tree.start(tree.tag(Tag.COLGROUP));
        tree.start(token);
      }
      case TBODY, TFOOT, THEAD -> {
        clearTo(Tag.TABLE);
        tree.open(token);
        tree.mode(Mode.IN_TABLE_BODY);
      }
      case TD, TH, TR -> {
        clearTo(Tag.TABLE);
        tree.start(tree.tag(Tag.TBODY));
        tree.start(token);
      }
      case TABLE -> {
        if (stack.inTableScope(Tag.TABLE)) {
          stack.popThrough(Tag.TABLE);
          if (tree.head().resetMode()) {
            tree.start(token);
          } else {
            tree.open(token);
          }
        }
      }
      case SCRIPT, STYLE, TEMPLATE -> tree.head().startInHead(token);
      case NOSCRIPT -> tree.noscript().open(token);
      case INPUT -> {
        if (token.value(Attribute.TYPE).equalsIgnoreCase("hidden")) {
          tree.openAndClose(token);
        } else {
          startMoved(token);
        }
      }
      case FORM -> {
        if (tree.form() == OpenElements.NONE || tree.inTemplate()) {
          if (!tree.inTemplate()) {
            tree.form(stack.nextSerial());
          }
          tree.openAndClose(token);
        }
      }
      default -> startMoved(token);
    }
  }

  /**
   * Processes a tag whose element would be moved before the table, which needs a tree. In a
   * template nothing need be moved: its content is invisible.
   */
  private void startMoved(TagToken token) {
    if (tree.inTemplate()) {
      tree.bodyStart().start(token);
    } else {
      tree.giveUp();
    }
  }

  private void endInTable(TagToken token) {
    switch (token.tag()) {
      case TABLE -> {
        if (stack.inTableScope(Tag.TABLE)) {
          stack.popThrough(Tag.TABLE);
          tree.head().resetMode();
        }
      }
      case BODY, CAPTION, COL, COLGROUP, HTML, TBODY, TD, TFOOT, TH, THEAD, TR -> {}
      case TEMPLATE -> tree.head().endTemplate();
      default -> endMoved(token);
    }
  }

  private void endMoved(TagToken token) {
    if (tree.inTemplate()) {
      tree.bodyEnd().end(token);
    } else if (token.tag() == Tag.BR) {
      tree.giveUp();
    } else if (token.tag() != Tag.P) {
      // A paragraph's end tag creates an empty paragraph before the table, which starts a line
      // anyway.
      tree.bodyEnd().end(token);
    }
  }

  private void startInCaption(TagToken token) {
    if (!token.tag().is(Trait.TABLE_PART)) {
      tree.bodyStart().start(token);
    } else if (closeCaption()) {
      startInTable(token);
    }
  }

  private void endInCaption(TagToken token) {
    switch (token.tag()) {
      case CAPTION -> closeCaption();
      case TABLE -> {
        if (closeCaption()) {
          endInTable(token);
        }
      }
      case BODY, COL, COLGROUP, HTML, TBODY, TD, TFOOT, TH, THEAD, TR -> {}
      default -> tree.bodyEnd().end(token);
    }
  }

  private boolean closeCaption() {
    if (!stack.inTableScope(Tag.CAPTION)) {
      return false;
    }
    stack.closeImplied();
    stack.popThrough(Tag.CAPTION);
    tree.formatting().clearToMarker();
    tree.mode(Mode.IN_TABLE);
    return true;
  }

  private void startInColumnGroup(TagToken token) {
    switch (token.tag()) {
      case HTML -> tree.bodyStart().start(token);
      case COL -> tree.openAndClose(token);
      case TEMPLATE -> tree.head().startInHead(token);
      default -> {
        if (closeColumnGroup()) {
          tree.start(token);
        }
      }
    }
  }

  private void endInColumnGroup(TagToken token) {
    switch (token.tag()) {
      case COLGROUP -> closeColumnGroup();
      case COL -> {}
      case TEMPLATE -> tree.head().endTemplate();
      default -> {
        if (closeColumnGroup()) {
          tree.end(token);
        }
      }
    }
  }

  private boolean closeColumnGroup() {
    if (!stack.topIs(Tag.COLGROUP)) {
      return false;
    }
    stack.pop();
    tree.mode(Mode.IN_TABLE);
    return true;
  }

  private void startInBody(TagToken token) {
    switch (token.tag()) {
      case TR -> {
        clearToBody();
        tree.open(token);
        tree.mode(Mode.IN_ROW);
      }
      case TD, TH -> {
        tree.start(tree.tag(Tag.TR));
        tree.start(token);
      }
      case CAPTION, COL, COLGROUP, TBODY, TFOOT, THEAD -> {
        if (leaveBody()) {
          tree.start(token);
        }
      }
      default -> startInTable(token);
    }
  }

  private void endInBody(TagToken token) {
    switch (token.tag()) {
      case TBODY, TFOOT, THEAD -> {
        if (stack.inTableScope(token.tag())) {
          clearToBody();
          stack.pop();
          tree.mode(Mode.IN_TABLE);
        }
      }
      case TABLE -> {
        if (leaveBody()) {
          tree.end(token);
        }
      }
      case BODY, CAPTION, COL, COLGROUP, HTML, TD, TH, TR -> {}
      default -> endInTable(token);
    }
  }

  private boolean leaveBody() {
    if (!stack.inTableScope(Tag.TBODY)
        && !stack.inTableScope(Tag.THEAD)
        && !stack.inTableScope(Tag.TFOOT)) {
      return false;
    }
    clearToBody();
    tree.end(tree.tag(stack.tag(stack.size() - 1)));
    return true;
  }

  private void startInRow(TagToken token) {
    switch (token.tag()) {
      case TD, TH -> {
        clearTo(Tag.TR);
        tree.open(token);
        tree.mode(Mode.IN_CELL);
        tree.formatting().addMarker();
      }
      case CAPTION, COL, COLGROUP, TBODY, TFOOT, THEAD, TR -> {
        if (leaveRow()) {
          tree.start(token);
        }
      }
      default -> startInTable(token);
    }
  }

  private void endInRow(TagToken token) {
    switch (token.tag()) {
      case TR -> leaveRow();
      case TABLE -> {
        if (leaveRow()) {
          tree.end(token);
        }
      }
      case TBODY, TFOOT, THEAD -> {
        if (stack.inTableScope(token.tag()) && leaveRow()) {
          tree.end(token);
        }
      }
      case BODY, CAPTION, COL, COLGROUP, HTML, TD, TH -> {}
      default -> endInTable(token);
    }
  }

  private boolean leaveRow() {
    if (!stack.inTableScope(Tag.TR)) {
      return false;
    }
    clearTo(Tag.TR);
    stack.pop();
    tree.mode(Mode.IN_TABLE_BODY);
    return true;
  }

  private void startInCell(TagToken token) {
    if (!token.tag().is(Trait.TABLE_PART)) {
      tree.bodyStart().start(token);
    } else if (stack.inTableScope(Tag.TD) || stack.inTableScope(Tag.TH)) {
      closeCell();
      tree.start(token);
    }
  }

  private void endInCell(TagToken token) {
    Tag tag = token.tag();
    switch (tag) {
      case TD, TH -> {
        if (stack.inTableScope(tag)) {
          stack.closeImplied();
          stack.popThrough(tag);
          tree.formatting().clearToMarker();
        }
        tree.mode(Mode.IN_ROW);
      }
      case BODY, CAPTION, COL, COLGROUP, HTML -> {}
      case TABLE, TBODY, TFOOT, THEAD, TR -> {
        if (stack.inTableScope(tag)) {
          closeCell();
          tree.end(token);
        }
      }
      default -> tree.bodyEnd().end(token);
    }
  }

  private void closeCell() {
    tree.end(tree.tag(stack.inTableScope(Tag.TD) ? Tag.TD : Tag.TH));
  }

  /**
   * Processes a start tag directly inside a template (13.2.6.4.18), whose content determines its
   * mode.
   */
  void startInTemplate(TagToken token) {
    if (token.tag().is(Trait.IN_HEAD)) {
      tree.head().startInHead(token);
      return;
    }
    Mode inner =
        switch (token.tag()) {
          case CAPTION, COLGROUP, TBODY, TFOOT, THEAD -> Mode.IN_TABLE;
          case COL -> Mode.IN_COLUMN_GROUP;
          case TR -> Mode.IN_TABLE_BODY;
          case TD, TH -> Mode.IN_ROW;
          default -> Mode.IN_BODY;
        };
    tree.templateModes().poll();
    tree.templateModes().push(inner);
    tree.mode(inner);
    tree.start(token);
  }

  private void clearToBody() {
    int top = stack.size() - 1;
    while (!stack.is(top, Tag.TBODY)
        && !stack.is(top, Tag.TFOOT)
        && !stack.is(top, Tag.THEAD)
        && !endsClearing(top)) {
      stack.pop();
      top = stack.size() - 1;
    }
  }

  private void clearTo(Tag tag) {
    int top = stack.size() - 1;
    while (!stack.is(top, tag) && !endsClearing(top)) {
      stack.pop();
      top = stack.size() - 1;
    }
  }

  private boolean endsClearing(int at) {
    return stack.is(at, Tag.TEMPLATE) || stack.is(at, Tag.HTML);
  }
}
