package io.sluice.parser.scan;

/**
 * The content of a {@code noscript} element, as jsoup reads it: its elements nest as their tags do,
 * regardless of the page around it, and the first {@code noscript} end tag ends it. Confined to its
 * scanner's thread.
 */
final class NoscriptIsland {

  private static final int CLOSED = -1;

  private final TreeSimulator tree;
  private final OpenElements stack;
  private int boundary = CLOSED;
  private int formOutside = OpenElements.NONE;

  NoscriptIsland(TreeSimulator tree) {
    this.tree = tree;
    this.stack = tree.stack();
  }

  void clear() {
    boundary = CLOSED;
  }

  boolean isOpen() {
    return boundary != CLOSED;
  }

  void open(TagToken token) {
    tree.open(token);
    boundary = stack.size() - 1;
    formOutside = tree.form();
    tree.form(OpenElements.NONE);
  }

  void start(TagToken token) {
    Tag tag = token.tag();
    TextType type = textType(tag);
    if (tag.is(Trait.VOID) || (type != TextType.DATA && token.selfClosing())) {
      tree.openAndClose(token);
    } else if (type == TextType.DATA) {
      tree.open(token);
    } else {
      tree.openText(token, type);
    }
  }

  private static TextType textType(Tag tag) {
    return switch (tag) {
      case TITLE, TEXTAREA -> TextType.RCDATA;
      case IFRAME, NOEMBED, NOFRAMES, SCRIPT, STYLE, XMP -> TextType.RAWTEXT;
      default -> TextType.DATA;
    };
  }

  void end(TagToken token) {
    if (token.tag() == Tag.NOSCRIPT) {
      stack.popTo(boundary);
      boundary = CLOSED;
      tree.form(formOutside);
      return;
    }
    for (int at = stack.size() - 1; at > boundary; at--) {
      if (stack.isNamed(at, token)) {
        stack.popTo(at);
        return;
      }
    }
  }
}
