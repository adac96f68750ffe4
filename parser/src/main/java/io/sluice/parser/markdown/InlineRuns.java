package io.sluice.parser.markdown;

import io.sluice.parser.extract.WellFormed;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.jspecify.annotations.Nullable;

/**
 * The content of one paragraph, heading or cell, as runs of the same link and style; whitespace is
 * collapsed. Runs are flat, so that a link or style that begins in one block and ends in another
 * applies to each. Confined to one walk.
 */
final class InlineRuns {

  /** How a run is written. */
  enum Kind {
    TEXT,
    CODE,
    IMAGE,
    BREAK
  }

  /** The emphasis of a run. Nested emphasis is the stronger one. */
  enum Style {
    PLAIN,
    EMPHASIS,
    STRONG
  }

  /** A run; the text of an image is its alternative text. */
  private record Run(
      Kind kind, StringBuilder text, @Nullable String link, Style style, @Nullable String source) {

    boolean isLike(Kind otherKind, @Nullable String otherLink, Style otherStyle) {
      return kind == otherKind && isSame(link, otherLink) && style == otherStyle;
    }
  }

  private final List<Run> runs = new ArrayList<>();
  private boolean space;

  /** The text or code that was appended last, and its content, which it is given when complete. */
  private @Nullable Node tail;

  private final StringBuilder literal = new StringBuilder();

  /** Whether there is nothing but whitespace. */
  boolean isEmpty() {
    return runs.isEmpty();
  }

  /** A word ends here. */
  void space() {
    space = true;
  }

  /** The text of all runs. */
  String plain() {
    StringBuilder text = new StringBuilder();
    runs.forEach(run -> text.append(run.text()));
    return text.toString();
  }

  /** A line ends here; several line breaks count as one. */
  void lineBreak() {
    space = false;
    if (!runs.isEmpty() && runs.getLast().kind() != Kind.BREAK) {
      runs.add(new Run(Kind.BREAK, new StringBuilder(), null, Style.PLAIN, null));
    }
  }

  /** Appends text or code; whitespace in it becomes single spaces. */
  void append(Kind kind, String raw, @Nullable String link, Style style) {
    String text = WellFormed.of(raw);
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && !isSpace(text.charAt(end))) {
        end++;
      }
      if (end > at) {
        word(kind, text, at, end, link, style);
      }
      if (end < text.length()) {
        space = true;
      }
      at = end + 1;
    }
  }

  private static boolean isSpace(char c) {
    return c <= ' ' || Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private void word(Kind kind, String text, int from, int to, @Nullable String link, Style style) {
    endSpace(kind, link, style);
    if (runs.isEmpty() || !runs.getLast().isLike(kind, link, style)) {
      runs.add(new Run(kind, new StringBuilder(), link, style, null));
    }
    runs.getLast().text().append(text, from, to);
  }

  /** Appends an image. */
  void image(String source, String alternative, @Nullable String link, Style style) {
    endSpace(Kind.IMAGE, link, style);
    StringBuilder text = new StringBuilder(WellFormed.of(alternative).strip());
    runs.add(new Run(Kind.IMAGE, text, link, style, source));
  }

  /** Puts pending space where it belongs: to both sides if they agree, else to neither. */
  private void endSpace(Kind kind, @Nullable String link, Style style) {
    if (space && !runs.isEmpty() && runs.getLast().kind() != Kind.BREAK) {
      Run last = runs.getLast();
      if (last.kind() != Kind.IMAGE && last.isLike(kind, link, style)) {
        last.text().append(' ');
      } else {
        String common = isSame(last.link(), link) ? link : null;
        Style shared = last.style() == style && isSame(last.link(), link) ? style : Style.PLAIN;
        if (last.isLike(Kind.TEXT, common, shared)) {
          last.text().append(' ');
        } else {
          runs.add(new Run(Kind.TEXT, new StringBuilder(" "), common, shared, null));
        }
      }
    }
    space = false;
  }

  private static boolean isSame(@Nullable String one, @Nullable String other) {
    return one == null ? other == null : one.equals(other);
  }

  /** Moves the runs into a node, as its children. */
  void moveInto(Node parent) {
    while (!runs.isEmpty() && runs.getLast().kind() == Kind.BREAK) {
      runs.removeLast();
    }
    int at = 0;
    while (at < runs.size()) {
      String link = runs.get(at).link();
      int end = at + 1;
      while (end < runs.size() && isSame(runs.get(end).link(), link)) {
        end++;
      }
      if (link == null) {
        styled(parent, at, end);
      } else {
        Link node = new Link(destination(link), null);
        parent.appendChild(node);
        styled(node, at, end);
      }
      at = end;
    }
    finishTail();
    runs.clear();
    space = false;
  }

  /** Appends runs of the same link, those of the same style in one emphasis. */
  private void styled(Node parent, int from, int to) {
    int at = from;
    boolean emphasised = false;
    while (at < to) {
      Style style = runs.get(at).style();
      int end = at + 1;
      while (end < to && runs.get(end).style() == style) {
        end++;
      }
      emphasised = style != Style.PLAIN && !emphasised && mayBeEmphasis(at, end);
      Node into = parent;
      if (emphasised) {
        into = style == Style.STRONG ? new StrongEmphasis("**") : new Emphasis("*");
        parent.appendChild(into);
      }
      for (Run run : runs.subList(at, end)) {
        appendTo(into, run);
      }
      at = end;
    }
  }

  private void appendTo(Node parent, Run run) {
    switch (run.kind()) {
      case TEXT -> appendText(parent, run.text());
      case CODE -> appendCode(parent, run.text());
      case BREAK -> parent.appendChild(new HardLineBreak());
      case IMAGE -> {
        Image image = new Image(destination(String.valueOf(run.source())), null);
        parent.appendChild(image);
        appendText(image, run.text());
      }
    }
  }

  /** Appends code; two spans without anything between them would be read as one broken span. */
  private void appendCode(Node parent, CharSequence code) {
    if (!(tail instanceof Code) || !tail.equals(parent.getLastChild())) {
      begin(parent, new Code(""));
    }
    literal.append(code);
  }

  private void appendText(Node parent, CharSequence text) {
    if (text.isEmpty()) {
      return;
    }
    if (!(tail instanceof Text) || !tail.equals(parent.getLastChild())) {
      begin(parent, new Text(""));
    }
    literal.append(text);
  }

  private void begin(Node parent, Node node) {
    finishTail();
    parent.appendChild(node);
    tail = node;
  }

  /** Gives the last text or code its content. */
  private void finishTail() {
    switch (tail) {
      case Text text -> text.setLiteral(literal.toString());
      case Code code -> code.setLiteral(literal.toString());
      case null, default -> {}
    }
    tail = null;
    literal.setLength(0);
  }

  /**
   * Whether asterisks around some runs would be read as emphasis (CommonMark, 6.2: left-flanking
   * and right-flanking).
   */
  private boolean mayBeEmphasis(int from, int to) {
    char before = from == 0 ? ' ' : outside(from - 1, from, true);
    char after = to == runs.size() ? ' ' : outside(to, to - 1, false);
    char first = edge(runs.get(from), true);
    char last = edge(runs.get(to - 1), false);
    return before != '*'
        && !isSpace(first)
        && !isSpace(last)
        && (!isPunctuation(first) || isSpace(before) || isPunctuation(before))
        && (!isPunctuation(last) || isSpace(after) || isPunctuation(after));
  }

  /** The character that a neighbour of an emphasis shows to it. */
  private char outside(int neighbour, int inside, boolean before) {
    Run run = runs.get(neighbour);
    if (isSame(run.link(), runs.get(inside).link())) {
      return edge(run, !before);
    }
    return before ? ')' : '[';
  }

  /** The first or last character of a run as written. */
  private static char edge(Run run, boolean first) {
    return switch (run.kind()) {
      case CODE -> '`';
      case IMAGE -> first ? '!' : ')';
      case BREAK -> ' ';
      case TEXT -> run.text().charAt(first ? 0 : run.text().length() - 1);
    };
  }

  /**
   * Punctuation and symbols (CommonMark, 2.1); a surrogate counts as such, to be on the safe side.
   */
  private static boolean isPunctuation(char c) {
    return !Character.isLetterOrDigit(c) && !isSpace(c);
  }

  /** A URL without backslashes, which would be read as escapes. */
  private static String destination(String url) {
    return url.replace("\\", "%5C");
  }
}
