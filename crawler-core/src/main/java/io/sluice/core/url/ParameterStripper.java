package io.sluice.core.url;

import java.util.List;

/**
 * Strips from URLs the parameters that identify a visitor or a campaign rather than a page, such as
 * session ids. Parameters are those of the query, separated by {@code &}, and those of path
 * segments, each of which begins with {@code ;}. A URL without such parameters is returned as it
 * is; one without a query and without a semicolon costs only the search for these. Thread-safe:
 * immutable.
 */
public final class ParameterStripper {

  private final List<ParameterPattern> patterns;

  /**
   * A bit for each letter that a name may begin with, in either case, so that most names are
   * rejected at once.
   */
  private final int initials;

  /**
   * @param patterns the parameters to strip; empty for none
   */
  public ParameterStripper(List<ParameterPattern> patterns) {
    this.patterns = List.copyOf(patterns);
    int bits = 0;
    for (ParameterPattern pattern : patterns) {
      bits |= bitOf(pattern.name().charAt(0));
    }
    this.initials = bits;
  }

  /** The URL without the parameters to strip; {@code url} itself if it has none. */
  public Url strip(Url url) {
    String href = url.href();
    int semicolon = href.indexOf(';', url.pathStart(), url.pathEnd());
    boolean query = url.pathEnd() < href.length();
    if (patterns.isEmpty() || (semicolon < 0 && !query)) {
      return url;
    }
    Cuts cuts = new Cuts(href);
    cutPath(cuts, semicolon, url.pathEnd());
    if (query) {
      cutQuery(cuts, url.pathEnd());
    }
    return cuts.isNone() ? url : parsed(cuts.rest(), url);
  }

  /** The rest may have a new dot segment, so it is parsed like any other URL. */
  private static Url parsed(String href, Url otherwise) {
    Url url = Url.parse(href);
    return url == null ? otherwise : url;
  }

  private void cutPath(Cuts cuts, int firstSemicolon, int pathEnd) {
    for (int at = firstSemicolon; at >= 0; ) {
      int next = cuts.href.indexOf(';', at + 1, pathEnd);
      int slash = cuts.href.indexOf('/', at + 1, next < 0 ? pathEnd : next);
      int end = slash >= 0 ? slash : next >= 0 ? next : pathEnd;
      if (isMeant(cuts.href, at + 1, end)) {
        cuts.cut(at, end);
      }
      at = next;
    }
  }

  /**
   * Each parameter is removed with the separator before it; a query that loses its first parameter
   * gets a new question mark.
   */
  private void cutQuery(Cuts cuts, int questionMark) {
    boolean first = true;
    for (int at = questionMark; at < cuts.href.length(); ) {
      int next = cuts.href.indexOf('&', at + 1);
      int end = next < 0 ? cuts.href.length() : next;
      if (isMeant(cuts.href, at + 1, end)) {
        cuts.cut(at, end);
      } else if (first) {
        first = false;
        cuts.beginQuery(at);
      }
      at = end;
    }
  }

  private boolean isMeant(String href, int from, int to) {
    if (from == to || (initials & bitOf(href.charAt(from))) == 0) {
      return false;
    }
    int equals = href.indexOf('=', from, to);
    int nameEnd = equals < 0 ? to : equals;
    int valueLength = equals < 0 ? 0 : to - equals - 1;
    for (ParameterPattern pattern : patterns) {
      if (pattern.matches(href, from, nameEnd, valueLength)) {
        return true;
      }
    }
    return false;
  }

  private static int bitOf(char initial) {
    return 1 << (initial & 31);
  }

  /** A text and what was cut from it so far, from its beginning on. */
  private static final class Cuts {

    private final String href;
    private final StringBuilder kept = new StringBuilder(0);
    private int copied;

    Cuts(String href) {
      this.href = href;
    }

    void cut(int from, int to) {
      kept.append(href, copied, from);
      copied = to;
    }

    /** Notes that the first parameter that stays follows the separator at {@code at}. */
    void beginQuery(int at) {
      if (copied > 0) {
        kept.append(href, copied, at).append('?');
        copied = at + 1;
      }
    }

    boolean isNone() {
      return copied == 0;
    }

    String rest() {
      return kept.append(href, copied, href.length()).toString();
    }
  }
}
