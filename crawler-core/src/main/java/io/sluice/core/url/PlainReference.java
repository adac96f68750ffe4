package io.sluice.core.url;

import org.jspecify.annotations.Nullable;

/**
 * Resolves most references of real pages without building them up part by part: those in which
 * nothing has to be encoded or resolved, except for {@code ../} at the beginning. Any other is left
 * to {@link UrlParser}, which gives the same result for these. Thread-safe: stateless.
 */
final class PlainReference {

  /** Characters that a path or query may contain unescaped, and that mean nothing to the parser. */
  private static final AsciiSet PLAIN =
      AsciiSet.LETTERS.or(AsciiSet.DIGITS).with("-_.~!$()*+,;=@/%&");

  private static final AsciiSet HOST = AsciiSet.DIGITS.with("abcdefghijklmnopqrstuvwxyz-.");

  private static final String PARENT = "../";
  private static final int NOT_PLAIN = -1;

  private PlainReference() {}

  /**
   * Resolves a reference of at most {@link Url#MAX_LENGTH} characters.
   *
   * @param withQuery whether a query may be taken as it is
   * @return null if the reference is left to the parser
   */
  static @Nullable Url resolve(String in, Url base, boolean withQuery) {
    if (in.isEmpty()) {
      return null;
    }
    char first = in.charAt(0);
    if (first == '/') {
      boolean hasHost = in.length() > 1 && in.charAt(1) == '/';
      return hasHost ? null : inBase(in, 1, base, base.pathStart() + 1, withQuery);
    }
    if (first == 'h') {
      if (in.startsWith("https://")) {
        return absolute(in, "https://".length(), Url.HTTPS_PORT, withQuery);
      }
      if (in.startsWith("http://")) {
        return absolute(in, "http://".length(), Url.HTTP_PORT, withQuery);
      }
    }
    int kept = base.href().lastIndexOf('/', base.pathEnd() - 1) + 1;
    int at = 0;
    while (in.startsWith(PARENT, at)) {
      kept = Math.max(base.pathStart(), base.href().lastIndexOf('/', kept - 2)) + 1;
      at += PARENT.length();
    }
    return inBase(in, at, base, kept, withQuery);
  }

  /**
   * The first {@code kept} characters of the base followed by the reference from {@code at} on;
   * null if the reference is left to the parser.
   */
  private static @Nullable Url inBase(String in, int at, Url base, int kept, boolean withQuery) {
    int end = plainEnd(in, at, withQuery);
    if (end == NOT_PLAIN || end == 0 || in.charAt(0) == '?') {
      return null;
    }
    int query = in.indexOf('?', at, end);
    int length = kept + end - at;
    if (length > Url.MAX_LENGTH) {
      return null;
    }
    String href = base.href().substring(0, kept).concat(in.substring(at, end));
    int pathEnd = query < 0 ? length : kept + query - at;
    return new Url(href, base.hostStart(), base.hostEnd(), base.port(), base.pathStart(), pathEnd);
  }

  /** Parses an absolute URL with a host name and a path that is already in serialized form. */
  private static @Nullable Url absolute(String in, int host, int port, boolean withQuery) {
    int path = host;
    int label = host;
    while (path < in.length() && HOST.contains(in.charAt(path))) {
      if (in.charAt(path) == '.') {
        label = path + 1;
      }
      path++;
    }
    // Only a last label that begins with a digit can spell an address; it must not be empty.
    boolean named = label < path && !AsciiSet.DIGITS.contains(in.charAt(label));
    if (!named || path == in.length() || in.charAt(path) != '/') {
      return null;
    }
    int end = plainEnd(in, path + 1, withQuery);
    if (end == NOT_PLAIN) {
      return null;
    }
    int query = in.indexOf('?', path, end);
    return new Url(in.substring(0, end), host, path, port, path, query < 0 ? end : query);
  }

  /**
   * Where a path that begins at {@code from}, with the query after it, ends: at the fragment or at
   * the end of {@code in}; {@link #NOT_PLAIN} if a character or a segment is not plain.
   */
  private static int plainEnd(String in, int from, boolean withQuery) {
    char before = '/';
    boolean inQuery = false;
    for (int at = from; at < in.length(); at++) {
      char c = in.charAt(at);
      if (PLAIN.contains(c)) {
        // A segment of dots begins with a dot, or with one that is encoded.
        if (before == '/' && (c == '.' || c == '%') && !inQuery) {
          return NOT_PLAIN;
        }
      } else if (c == '#') {
        return at;
      } else if (c == '?' && withQuery) {
        inQuery = true;
      } else {
        return NOT_PLAIN;
      }
      before = c;
    }
    return in.length();
  }
}
