package io.sluice.parser.markdown;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.renderer.markdown.MarkdownWriter;

/**
 * Escapes text so that it means nothing else (CommonMark, 2.4), also where a reader knows GitHub's
 * tables and strikethrough. Underscores inside of words stay as they are, since many names have
 * them. Stateless.
 */
final class EscapedText {

  private static final Pattern LIST_NUMBER = Pattern.compile("(\\d{1,9})([.)]).*", Pattern.DOTALL);

  private EscapedText() {}

  static void write(Text node, MarkdownWriter writer) {
    String text = node.getLiteral();
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    int from = writer.isAtLineStart() ? escapeStart(text, escaped) : 0;
    boolean heading = node.getParent() instanceof Heading;
    boolean cell = isInCell(node);
    for (int at = from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (cell && c == '\\') {
        escaped.append("&#92;"); // a cell's end would be read as escaped
        continue;
      }
      boolean special =
          switch (c) {
            case '\\', '`', '*', '[', ']', '<', '>', '~' -> true;
            case '_' -> !isInWord(text, at);
            case '&' -> at + 1 < text.length() && isReference(text.charAt(at + 1));
            case '#' -> heading;
            case '|' -> !cell; // the writer escapes it in a cell
            case '!' -> at + 1 == text.length() && isLinkLike(node.getNext());
            default -> false;
          };
      if (special) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    writer.raw(escaped.toString());
  }

  /**
   * Escapes what would begin a block, or underline the line above (CommonMark, 4 and 5).
   *
   * @return how many characters were taken
   */
  private static int escapeStart(String text, StringBuilder into) {
    if (text.isEmpty()) {
      return 0;
    }
    char c = text.charAt(0);
    if (c == '-' || c == '+' || c == '=' || c == '#' || c == ':') {
      into.append('\\').append(c);
      return 1;
    }
    Matcher number = LIST_NUMBER.matcher(text);
    if (Character.isDigit(c) && number.matches()) {
      into.append(number.group(1)).append('\\').append(number.group(2));
      return number.end(2);
    }
    return 0;
  }

  private static boolean isInCell(Node node) {
    for (Node at = node.getParent(); at != null; at = at.getParent()) {
      if (at instanceof TableCell) {
        return true;
      }
    }
    return false;
  }

  private static boolean isInWord(String text, int at) {
    return at > 0
        && at + 1 < text.length()
        && Character.isLetterOrDigit(text.charAt(at - 1))
        && Character.isLetterOrDigit(text.charAt(at + 1));
  }

  private static boolean isReference(char next) {
    return next == '#' || (next < 0x80 && Character.isLetterOrDigit(next));
  }

  private static boolean isLinkLike(Node next) {
    return next instanceof Link || next instanceof Image;
  }
}
