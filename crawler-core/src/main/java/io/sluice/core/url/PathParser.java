package io.sluice.core.url;

/**
 * The standard's path state for special schemes: segments end at either slash, dots are resolved,
 * the rest is percent-encoded. What needs no change is copied in long runs. Thread-safe: stateless.
 */
final class PathParser {

  private PathParser() {}

  /**
   * Appends the segments in {@code in[from, to)} to a path that ends with a slash.
   *
   * @param pathStart the position of the path's first slash in {@code out}; dots never go above it
   */
  static void append(StringBuilder out, int pathStart, String in, int from, int to) {
    int copied = from;
    int segment = from;
    int at = from;
    while (at <= to) {
      char c = at < to ? in.charAt(at) : '/';
      if (c == '/' || c == '\\') {
        int dots = dots(in, segment, at);
        if (dots > 0) {
          out.append(in, copied, segment);
          if (dots == 2) {
            dropLastSegment(out, pathStart);
          }
          copied = at + 1;
        } else if (c == '\\') {
          out.append(in, copied, at).append('/');
          copied = at + 1;
        }
        at++;
        segment = at;
      } else if (c >= 128 || PercentEncoding.PATH.contains(c)) {
        out.append(in, copied, at);
        at = PercentEncoding.appendEncoded(out, in, at);
        copied = at;
      } else {
        at++;
      }
    }
    if (copied < to) {
      out.append(in, copied, to);
    }
  }

  /** 1 for the segment {@code .}, 2 for {@code ..}, in any spelling; else 0. */
  private static int dots(String in, int from, int to) {
    int at = from;
    for (int dots = 0; dots <= 2; dots++) {
      if (at == to) {
        return dots;
      }
      if (in.charAt(at) == '.') {
        at++;
      } else if (at + 3 <= to && in.regionMatches(true, at, "%2e", 0, 3)) {
        at += 3;
      } else {
        return 0;
      }
    }
    return 0;
  }

  /** Cuts the path, which ends with a slash, after the slash before that one. */
  private static void dropLastSegment(StringBuilder out, int pathStart) {
    int slash = out.lastIndexOf("/", out.length() - 2);
    out.setLength(Math.max(slash, pathStart) + 1);
  }
}
