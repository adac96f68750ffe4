package io.sluice.fetcher.robots;

/**
 * One rule of a robots.txt (RFC 9309, 2.2.2 and 2.2.3): a pattern that a path begins with, in which
 * {@code *} stands for any characters; {@code $} at its end, and nowhere else, stands for the
 * path's end. Immutable.
 *
 * @param pattern percent-encoded as paths are
 * @param allow whether a matching path may be fetched
 */
record RobotsRule(String pattern, boolean allow) {

  /** Encoding of a literal dollar sign in a path, to distinguish it from the special one. */
  private static final String DOLLAR = "%24";

  /** Creates a rule whose only special dollar sign, if any, is at the end of its pattern. */
  static RobotsRule of(String pattern, boolean allow) {
    int end = pattern.length() - 1;
    if (pattern.indexOf('$') < 0 || pattern.indexOf('$') == end) {
      return new RobotsRule(pattern, allow);
    }
    return new RobotsRule(
        pattern.substring(0, end).replace("$", DOLLAR) + pattern.charAt(end), allow);
  }

  /**
   * How specific the rule's match is: the length of the pattern that matched, or -1 if it does not
   * match. As in Google's parser, a rule that allows {@code index.html} or {@code index.htm} also
   * allows the file's directory; a rule that disallows one applies only to the file.
   *
   * @param path path and query, special characters encoded
   */
  int match(String path) {
    if (matches(pattern, path)) {
      return pattern.length();
    }
    if (allow && (pattern.endsWith("/index.html") || pattern.endsWith("/index.htm"))) {
      String directory = pattern.substring(0, pattern.lastIndexOf('/') + 1) + '$';
      return matches(directory, path) ? directory.length() : -1;
    }
    return -1;
  }

  private static boolean matches(String pattern, String path) {
    boolean anchored = pattern.endsWith("$");
    int end = anchored ? pattern.length() - 1 : pattern.length();
    int star = star(pattern, 0, end);
    if (!path.regionMatches(0, pattern, 0, star)) {
      return false;
    }
    int at = star;
    while (star < end) { // match each piece between stars at its first occurrence
      int from = star + 1;
      star = star(pattern, from, end);
      int length = star - from;
      if (star == end && anchored) {
        int last = path.length() - length;
        return last >= at && path.regionMatches(last, pattern, from, length);
      }
      at = path.indexOf(pattern.substring(from, star), at);
      if (at < 0) {
        return false;
      }
      at += length;
    }
    return !anchored || at == path.length();
  }

  private static int star(String pattern, int from, int end) {
    int star = pattern.indexOf('*', from);
    return star < 0 || star > end ? end : star;
  }
}
